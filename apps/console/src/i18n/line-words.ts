import i18next from 'i18next'
import type { Words } from './words'

/** How a line is set up and tried. Loaded with its page, beside the words of all other pages. */
export const lineZh = {
  section: { address: '接入', numbers: '号码', limits: '容量', contract: '合同与费用' },
  codecs: '语音编码（按顺序提供）', codecsHint: '中国大陆一般用 PCMA（G.711 A 律）',
  countryCode: '本国区号', stripPrefix: '去掉前缀', addPrefix: '加上前缀', preview: '预览', previewHint: '拨打前按此格式发给运营商',
  mayCall: '可拨打的地区', mayCallHint: '号码开头，如 +86、+8610；留空表示不限。不在其中的号码不走此线路。', anywhere: '不限地区',
  permittedUse: '允许用途', permittedUseHint: '按合同填写，如“仅限售后回访”。主叫号码的权属证明以合同为准。',
  perMinute: '每分钟费用', currency: '币种', firstSeconds: '首段（秒）', stepSeconds: '计费单位（秒）', tariffHint: '60/60 为按分钟，60/6 为首分钟后每 6 秒，1/1 为按秒。只对之后开始的通话生效；留空表示未知。',
  transport: '信令传输', transportHint: 'TCP 和 TLS 使用一条长连接；TLS 校验运营商证书', tlsCa: '信任的证书（PEM）', tlsCaHint: '留空则使用系统信任的证书颁发机构',
  realmHint: '留空则为运营商的主机名', registers: '向运营商注册（REGISTER）', registerSeconds: '注册有效期（秒）',
  reason: { registering: '正在注册', 'registration-refused': '运营商拒绝注册', 'registration-unanswered': '注册没有得到回答', 'connection-failed': '无法连接运营商' },
  cost: '费用（近 1 小时）', unknownCost: '未填费率', tariffOf: '{{price}}/分 · {{first}}/{{step}} 秒',
  conflict: '别人刚修改了这条线路（版本 {{version}}）。你改过的项保留在下面，其余已换成最新内容。核对后再次保存。', conflictField: '{{field}}：对方改为 {{theirs}}',
  probe: '探测', probeLabel: '立即探测：{{name}}', probing: '正在探测…',
  answered: '{{status}} {{phrase}} · 往返 {{ms}} ms', asked: '询问 {{asked}}', server: '对端 {{server}}', allow: '支持 {{allow}}',
  failure: { 'no-answer': '运营商 4 秒内没有回答', 'not-open': '线路没有打开，无法询问' }, empty: '（空）',
}

export const lineEn: Words<typeof lineZh> = {
  section: { address: 'Access', numbers: 'Numbers', limits: 'Capacity', contract: 'Contract and cost' },
  codecs: 'Codecs, in the order offered', codecsHint: 'PCMA (G.711 A-law) is usual outside North America and Japan',
  countryCode: 'Home country code', stripPrefix: 'Prefix to strip', addPrefix: 'Prefix to add', preview: 'Preview', previewHint: 'How a number is written for the carrier',
  mayCall: 'Places it may call', mayCallHint: 'Beginnings of numbers, such as +86 or +8610; empty: everywhere. Other numbers take another line.', anywhere: 'everywhere',
  permittedUse: 'Permitted use', permittedUseHint: 'As the contract says, such as “after-sales calls only”. The contract is the proof that its caller IDs are yours.',
  perMinute: 'Cost per minute', currency: 'Currency', firstSeconds: 'First step (s)', stepSeconds: 'Increment (s)', tariffHint: '60/60 by the minute, 60/6 by six seconds after the first minute, 1/1 by the second. For calls that begin after saving; empty: not known.',
  transport: 'Transport', transportHint: 'TCP and TLS keep one connection; by TLS the carrier’s certificate is checked', tlsCa: 'Trusted certificates (PEM)', tlsCaHint: 'Empty: those the system trusts',
  realmHint: 'Empty: the host of the carrier’s address', registers: 'Register with the carrier (REGISTER)', registerSeconds: 'Registration lasts (s)',
  reason: { registering: 'registering', 'registration-refused': 'the carrier refuses the registration', 'registration-unanswered': 'the registration was not answered', 'connection-failed': 'no connection to the carrier' },
  cost: 'Cost, last hour', unknownCost: 'no tariff', tariffOf: '{{price}}/min · {{first}}/{{step}} s',
  conflict: 'Somebody has just changed this line (version {{version}}). What you changed stands below; everything else is as it is now. Look, and save again.', conflictField: '{{field}}: now {{theirs}}',
  probe: 'Probe', probeLabel: 'Probe now: {{name}}', probing: 'Asking…',
  answered: '{{status}} {{phrase}} · round trip {{ms}} ms', asked: 'asked {{asked}}', server: 'is {{server}}', allow: 'allows {{allow}}',
  failure: { 'no-answer': 'The carrier did not answer within 4 seconds', 'not-open': 'The line is not open, so that nobody can be asked' }, empty: '(empty)',
}

// Pages come after the language; a test of the words alone has none.
if (i18next.isInitialized) {
  i18next.addResourceBundle('zh-CN', 'line', lineZh)
  i18next.addResourceBundle('en', 'line', lineEn)
}
