import { isChineseName } from './chinese-name.ts'
import type { ImportColumn } from './import-column.ts'
import { parsePhone } from '../customer/phone-number.ts'

/** Headers people write, without spaces and marks, in lower case. The first that fits counts; a second phone is phone2. */
const HEADERS: readonly (readonly [ImportColumn, readonly string[]])[] = [
  ['name', ['姓名', '客户名称', '客户姓名', '客户', '名称', '联系人', '联系人姓名', '称呼', 'name', 'fullname', 'customer', 'customername', 'contact', 'contactname']],
  ['company', ['公司', '公司名称', '单位', '单位名称', '企业', '企业名称', '工作单位', 'company', 'companyname', 'organization', 'organisation', 'account', 'employer']],
  ['phone', ['手机', '手机号', '手机号码', '电话', '电话号码', '联系电话', '联系方式', '移动电话', '号码', '座机', '固话', '备用电话', '其他电话', '电话2', '手机2', '电话3', 'phone', 'phonenumber', 'mobile', 'mobilephone', 'tel', 'telephone', 'cell', 'cellphone', 'phone2', 'phone3', 'mobile2']],
  ['level', ['级别', '客户级别', '等级', '客户等级', '评级', 'level', 'grade', 'rating', 'tier']],
  ['status', ['状态', '客户状态', '跟进状态', 'status', 'stage']],
  ['tags', ['标签', '客户标签', 'tags', 'tag', 'labels', 'label']],
  ['region', ['地区', '区域', '省份', '省', '城市', '所在地', '地址', '省市', 'region', 'province', 'city', 'area', 'state', 'location']],
  ['industry', ['行业', '所属行业', 'industry', 'sector']],
  ['intent', ['意向', '意向度', '意向程度', '购买意向', '客户意向', 'intent', 'interest']],
  ['timeZone', ['时区', 'timezone', 'tz']],
  ['owner', ['负责人', '跟进人', '销售', '业务员', '所属销售', '归属人', 'owner', 'salesperson', 'assignee', 'assignedto', 'seller']],
  ['marketingConsent', ['营销同意', '同意营销', '营销许可', '是否同意营销', '是否同意', '同意外呼', 'marketingconsent', 'consent', 'optin']],
  ['recordingConsent', ['录音同意', '同意录音', '是否同意录音', 'recordingconsent']],
  ['consentSource', ['同意来源', '授权来源', '同意渠道', '来源', '客户来源', '渠道', 'consentsource', 'source', 'channel']],
  ['consentAt', ['同意时间', '授权时间', '同意日期', 'consentat', 'consentdate', 'consenttime']],
]
const BY_HEADER = new Map(HEADERS.flatMap(([column, names]) => names.map((name) => [name, column] as const)))
const PHONES: readonly ImportColumn[] = ['phone', 'phone2', 'phone3']

/** What each column of a file probably is, from its header and from what stands in it. */
export function guessColumns(rows: readonly (readonly string[])[]): { columns: ImportColumn[]; hasHeader: boolean } {
  const [first = [], ...rest] = rows
  const hasHeader = first.some((cell) => BY_HEADER.has(plain(cell))) && !first.some((cell) => parsePhone(cell))
  const body = hasHeader ? rest : rows
  const width = Math.max(...rows.map((row) => row.length), 0)
  const columns: ImportColumn[] = []
  for (let at = 0; at < width; at++) {
    const named = hasHeader ? BY_HEADER.get(plain(first[at] ?? '')) : undefined
    columns.push(free(named ?? byContent(body.map((row) => row[at]?.trim() ?? '')), columns))
  }
  return { columns, hasHeader }
}

const plain = (header: string): string => header.normalize('NFKC').toLowerCase().replaceAll(/[\s_\-.:：*（）()/]/g, '')

/** The column itself, or the next phone, or nothing when the file has that already. */
function free(wanted: ImportColumn, taken: readonly ImportColumn[]): ImportColumn {
  if (wanted === 'phone') return PHONES.find((phone) => !taken.includes(phone)) ?? 'ignore'
  return taken.includes(wanted) ? 'ignore' : wanted
}

/** At least this share of the cells that are filled must look alike. */
const SHARE = 0.6
const LOOKS: readonly (readonly [ImportColumn, (cell: string) => boolean])[] = [
  ['phone', (cell) => /\d{7}/.test(cell.replaceAll(/[\s-]/g, '')) && parsePhone(cell) !== null],
  ['level', (cell) => /^[A-Da-d]级?$/.test(cell)],
  ['company', (cell) => /(公司|集团|工厂|商行|商贸|店|中心|事务所|Co\.?|Ltd\.?|Inc\.?|GmbH)$/i.test(cell)],
  ['intent', (cell) => /^(高|中|低|无|高意向|中意向|低意向|无意向|high|medium|low|none)$/i.test(cell)],
  ['region', (cell) => /^(北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)/.test(cell)],
  ['name', isChineseName],
]

function byContent(cells: readonly string[]): ImportColumn {
  const filled = cells.filter((cell) => cell !== '')
  if (filled.length === 0) return 'ignore'
  return LOOKS.find(([, looksLike]) => filled.filter(looksLike).length >= filled.length * SHARE)?.[0] ?? 'ignore'
}
