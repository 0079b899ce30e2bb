/** The surnames of more than nine in ten Chinese people. */
const SURNAMES = new Set('王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常欧司诸上皇')

/** Whether the text looks like a person's name: two to four Chinese characters, the first a common surname. */
export function isChineseName(text: string): boolean {
  return /^[\u4e00-\u9fff]{2,4}$/.test(text) && SURNAMES.has(text.charAt(0))
}
