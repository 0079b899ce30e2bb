/** Words from which synthetic people and companies are made. No real person is meant. */
export const SURNAMES = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文']
export const GIVEN = [
  '伟', '芳', '娜', '敏', '静', '丽', '强', '磊', '军', '洋', '勇', '艳', '杰', '娟', '涛', '明', '超', '秀英', '霞', '平', '刚', '桂英', '建华', '志强', '晓明', '海燕', '文博', '子涵', '雨桐',
  '浩然', '欣怡', '宇轩', '梓萱', '俊杰', '思远', '佳怡', '晨曦', '嘉豪', '诗涵', '一诺', '国强', '玉兰', '立新', '春梅', '建国', '红梅', '新民', '丹丹', '小龙', '云飞',
]
export const PLACES = ['华信', '中联', '恒通', '瑞丰', '天合', '远洋', '金桥', '东方', '鼎盛', '博雅', '盛世', '嘉禾', '万通', '启明', '联创', '长风', '海纳', '百川', '创新', '佳美']
export const TRADES = ['科技', '贸易', '餐饮', '物流', '建材', '教育', '医疗器械', '文化传媒', '汽车服务', '电子商务', '装饰工程', '食品']
export const INDUSTRIES = ['互联网', '制造', '零售', '餐饮', '教育', '医疗', '金融', '房产', '物流', '建筑']
export const TAGS = ['老客户', '展会', '官网留资', '转介绍', '价格敏感', '续费', '重点', '需回访', '节后联系']

/** Region, share of the customers, zone. Xinjiang keeps its own daily rhythm although the clock is Beijing's. */
export const REGIONS = [
  { region: '广东', share: 18, zone: 'Asia/Shanghai' }, { region: '江苏', share: 12, zone: 'Asia/Shanghai' }, { region: '浙江', share: 12, zone: 'Asia/Shanghai' },
  { region: '山东', share: 10, zone: 'Asia/Shanghai' }, { region: '四川', share: 9, zone: 'Asia/Shanghai' }, { region: '北京', share: 8, zone: 'Asia/Shanghai' },
  { region: '上海', share: 9, zone: 'Asia/Shanghai' }, { region: '湖北', share: 7, zone: 'Asia/Shanghai' }, { region: '陕西', share: 6, zone: 'Asia/Shanghai' },
  { region: '辽宁', share: 5, zone: 'Asia/Shanghai' }, { region: '新疆', share: 4, zone: 'Asia/Urumqi' },
] as const
