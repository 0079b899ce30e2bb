const SURNAMES = '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗'
const GIVEN = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉建国文辉晨曦宇浩然子涵欣怡'
const CITIES = ['杭州', '上海', '北京', '深圳', '成都', '武汉', '南京', '苏州']
const TRADES = ['网络科技', '电子商务', '教育咨询', '建材贸易', '餐饮管理', '医疗器械', '物流运输', '文化传媒']

/** A CSV file of people who do not exist, in pieces of a thousand lines: what benchmarks import. */
export async function* syntheticFile(rows: number): AsyncGenerator<Buffer, void, void> {
  yield Buffer.from('姓名,公司,手机,级别,标签,地区,行业,意向\n')
  for (let from = 0; from < rows; from += 1_000) {
    yield Buffer.from(Array.from({ length: Math.min(1_000, rows - from) }, (_, at) => line(from + at)).join(''))
  }
}

function line(n: number): string {
  const pick = (from: string | string[], by: number): string => from[Math.floor(n / by) % from.length] as string
  const name = pick(SURNAMES, 1) + pick(GIVEN, 7) + (n % 3 === 0 ? '' : pick(GIVEN, 131))
  const company = `${pick(CITIES, 3)}${pick(GIVEN, 5)}${pick(GIVEN, 11)}${pick(TRADES, 2)}有限公司`
  return `${name},${company},${13_100_000_000 + n},${'ABCD'[n % 4]},"展会,${pick(CITIES, 9)}",${pick(CITIES, 3)},${pick(TRADES, 2)},${pick(['高', '中', '低', '无'], 13)}\n`
}
