import type { Words } from './words'

export const importZh = {
  title: '导入客户', drop: '把 CSV 文件拖到这里，或点击选择', dropHint: 'UTF-8 或 GB18030 编码，首行为列名最佳；一次可导入上百万行', another: '换一个文件', reading: '正在读取文件…',
  columns: '列对应', columnsHint: '已自动识别，不对的请改。', column: {
    name: '姓名', company: '公司', phone: '电话', phone2: '电话 2', phone3: '电话 3', level: '级别', status: '状态', tags: '标签', region: '地区', industry: '行业', intent: '意向', timeZone: '时区', owner: '负责人',
    marketingConsent: '营销同意', recordingConsent: '录音同意', consentSource: '同意来源', consentAt: '同意时间', ignore: '不导入',
  },
  hasHeader: '首行是列名', duplicates: '号码已存在时', duplicate: { skip: '跳过', fill: '只补空白字段', overwrite: '用文件覆盖' }, defaultLevel: '默认级别',
  declare: {
    title: '来源声明', text: '法律要求取得同意后才能拨打营销电话。填写来源后，这批客户才可外呼；不填也能导入，但不会被拨打。', basis: '合法依据', basisChoice: { consent: '本人同意', contract: '履行合同', none: '没有（只存档，不外呼）' },
    source: '数据来源', sourceHint: '如：2026 春季展会现场登记', at: '取得日期', evidence: '证据说明', evidenceHint: '如：签到表扫描件存档编号', recording: '同意范围包含通话录音',
  },
  check: {
    title: '预检结果', sampled: '抽查前 {{count}} 行', callable: '可外呼', notCallable: '不可外呼', errors: '格式问题', error: '第 {{row}} 行 · {{column}}', checking: '重新检查中…',
  },
  rowError: { PHONE_INVALID: '号码无法识别', PHONE_MISSING: '缺少号码', PHONE_TAKEN: '号码已属于其他客户', NAME_MISSING: '缺少姓名', LEVEL_UNKNOWN: '级别不认识', STATUS_UNKNOWN: '状态不认识', INTENT_UNKNOWN: '意向不认识', OWNER_UNKNOWN: '负责人不存在', TIME_ZONE_UNKNOWN: '时区不认识', CONSENT_UNKNOWN: '同意状态或日期不认识', CONSENT_WITHOUT_SOURCE: '有同意但没有来源，不作数', TOO_LONG: '内容过长' },
  start: '开始导入', needPhone: '请先指定哪一列是电话', needName: '请先指定哪一列是姓名',
  progress: {
    title: '导入进度', queued: '排队中', running: '正在导入', done: '导入完成', failed: '导入失败', rows: '已读取', created: '新建', updated: '更新', skipped: '跳过', failedRows: '失败', notCallable: '不可外呼', errorFile: '下载失败行', toList: '查看客户', again: '再导入一份', leave: '可以离开本页，导入会继续进行。', remaining: '预计还需 {{time}}', perSecond: '{{count}} 行/秒',
  },
}

export const importEn: Words<typeof importZh> = {
  title: 'Import customers', drop: 'Drop a CSV file here, or click to choose', dropHint: 'UTF-8 or GB18030, best with a header row; a million rows at once is fine', another: 'Another file', reading: 'Reading the file…',
  columns: 'Columns', columnsHint: 'Guessed from the file. Correct what is wrong.', column: {
    name: 'Name', company: 'Company', phone: 'Phone', phone2: 'Phone 2', phone3: 'Phone 3', level: 'Level', status: 'Status', tags: 'Tags', region: 'Region', industry: 'Industry', intent: 'Intent', timeZone: 'Time zone', owner: 'Owner',
    marketingConsent: 'Marketing consent', recordingConsent: 'Recording consent', consentSource: 'Consent source', consentAt: 'Consent date', ignore: 'Leave out',
  },
  hasHeader: 'First row is a header', duplicates: 'When a number exists', duplicate: { skip: 'Skip the row', fill: 'Fill empty fields', overwrite: 'Overwrite' }, defaultLevel: 'Default level',
  declare: {
    title: 'Where they come from', text: 'The law allows marketing calls only with consent. Say where this list comes from to make it callable; without it the rows are kept, but never dialled.', basis: 'Legal basis', basisChoice: { consent: 'Consent', contract: 'Contract', none: 'None (keep, never dial)' },
    source: 'Source', sourceHint: 'Such as: registered at our spring fair 2026', at: 'Collected on', evidence: 'Evidence', evidenceHint: 'Such as: file number of the scanned forms', recording: 'The consent covers recording too',
  },
  check: {
    title: 'Check', sampled: 'First {{count}} rows', callable: 'Callable', notCallable: 'Not callable', errors: 'Faulty rows', error: 'Row {{row}} · {{column}}', checking: 'Checking again…',
  },
  rowError: { PHONE_INVALID: 'not a telephone number', PHONE_MISSING: 'no number', PHONE_TAKEN: 'another customer has the number', NAME_MISSING: 'no name', LEVEL_UNKNOWN: 'unknown level', STATUS_UNKNOWN: 'unknown status', INTENT_UNKNOWN: 'unknown intent', OWNER_UNKNOWN: 'unknown owner', TIME_ZONE_UNKNOWN: 'unknown time zone', CONSENT_UNKNOWN: 'unknown consent or date', CONSENT_WITHOUT_SOURCE: 'consent without a source does not count', TOO_LONG: 'too long' },
  start: 'Start import', needPhone: 'Say which column holds the phone', needName: 'Say which column holds the name',
  progress: {
    title: 'Import', queued: 'Queued', running: 'Importing', done: 'Imported', failed: 'Failed', rows: 'Read', created: 'Created', updated: 'Updated', skipped: 'Skipped', failedRows: 'Failed', notCallable: 'Not callable', errorFile: 'Download failed rows', toList: 'To the customers', again: 'Import another', leave: 'You can leave this page; the import goes on.', remaining: 'about {{time}} left', perSecond: '{{count}} rows/s',
  },
}
