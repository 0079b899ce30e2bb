import type { Words } from './words'

/** What happened, what was kept and what to do, by code. A code that is missing here falls back to the server's message. */
export const errorZh = {
  retry: '重试', code: '错误代码',
  of: {
    OFFLINE: '连不上服务器。你填写的内容还在，网络恢复后再试。',
    INVALID_REQUEST: '提交的内容不符合要求，请检查标出的字段。', UNAUTHENTICATED: '登录已过期，请重新登录。', FORBIDDEN: '你的角色没有这个权限。',
    NOT_FOUND: '内容不存在，或你无权查看。', VERSION_CONFLICT: '其他人刚刚改过这条记录，请选择要保留的内容。', BODY_TOO_LARGE: '内容太大，超过了上限。',
    TOO_MANY_REQUESTS: '操作太频繁，请稍后再试。', INTERNAL: '服务器出错，已记录。稍后再试；若反复出现，请把错误代码告诉管理员。',
    OVERLOADED: '系统繁忙，请稍等一秒再试。', TIMED_OUT: '处理超时，已放弃。请再试一次。', SHUTTING_DOWN: '服务正在重启，请稍后再试。', SERVICE_UNAVAILABLE: '系统的一部分没有响应，请稍后再试。',
    DATABASE_UNAVAILABLE: '数据库没有响应，没有改动任何内容。', DATABASE_BUSY: '数据库繁忙，没有改动任何内容，请再试。',
    CONNECTION_LOST: '数据库连接中断，请先查看结果再重复操作。', COMMIT_UNKNOWN: '不确定改动是否已保存，请先刷新查看再重复操作。', TRANSACTION_ABORTED: '改动没有保存，请再试。',
    SIGN_IN_FAILED: '用户名或密码不正确。', SIGN_IN_LOCKED: '密码错误次数过多，请稍后再试。', PASSWORD_REFUSED: '当前密码不对，或新密码太短。', SETUP_LINK_INVALID: '初始化链接已使用、已过期或无效。请重启服务以获取新链接。',
    ORIGIN_REFUSED: '请求来自其他网站，已拒绝。',
    USERNAME_TAKEN: '用户名已被占用。', USER_NOT_FOUND: '找不到该用户。', LAST_ADMIN: '至少要保留一位在职的管理员。', CALLEE_CLOCK_FIXED: '客户时钟只能在演示环境中调整。',
    AUDIT_UNAVAILABLE: '审计记录无法写入，为保证可追溯，本次操作已拒绝。',
    CUSTOMER_NOT_FOUND: '客户不存在，或不在你的可见范围内。', PHONE_NOT_FOUND: '该客户没有这个号码。', PHONE_INVALID: '这不是有效的电话号码。', PHONE_TAKEN: '该号码已属于另一位客户。',
    TIME_ZONE_UNKNOWN: '时区无法识别，请用 Asia/Shanghai 这样的写法。', OWNER_UNKNOWN: '负责人不存在或已停用。', CONDITION_INVALID: '筛选条件有误，请检查。', CURSOR_INVALID: '列表已变化，请刷新。',
    RULE_NOT_FOUND: '规则不存在。', IMPORT_NOT_FOUND: '找不到这次导入。', IMPORT_FILE_MISSING: '没有收到文件。', IMPORT_FILE_TOO_LARGE: '文件太大。', IMPORT_OPTIONS_INVALID: '导入设置不完整，请检查。',
    IMPORT_FILE_UNREADABLE: '无法读取文件：请使用 UTF-8 或 GB18030 编码的 CSV。',
    CAMPAIGN_NOT_FOUND: '找不到该外呼任务。', CAMPAIGN_HAS_NO_LEADS: '没有符合条件的客户。', CAMPAIGN_STATE_WRONG: '任务当前状态不允许此操作，请刷新后再看。', CALL_NOT_ALLOWED: '现在不允许拨打这位客户。',
    LINE_NOT_FOUND: '找不到该线路。', NO_LINE: '没有空闲线路可用。', VOICE_AWAY: '语音服务没有响应，没有拨出任何电话。', RULES_UNKNOWN: '尚未取得规则，没有规则就不会拨打。', LINE_ADDRESS_INVALID: '线路地址应为 主机:端口。',
    API_KEY_NOT_FOUND: '找不到该密钥。', SETTING_NOT_FOUND: '找不到该设置。',
  },
}

export const errorEn: Words<typeof errorZh> = {
  retry: 'Try again', code: 'Code',
  of: {
    OFFLINE: 'The server cannot be reached. What you typed is kept; try again when the network is back.',
    INVALID_REQUEST: 'Something in it does not have the right form. Check the marked fields.', UNAUTHENTICATED: 'Your session has expired. Sign in again.', FORBIDDEN: 'Your role does not allow this.',
    NOT_FOUND: 'There is nothing here, or you may not see it.', VERSION_CONFLICT: 'Somebody changed this a moment ago. Choose what to keep.', BODY_TOO_LARGE: 'This is larger than allowed.',
    TOO_MANY_REQUESTS: 'Too many requests. Wait a moment.', INTERNAL: 'Something broke on our side; it is logged. Try later, and tell an admin the code if it comes back.',
    OVERLOADED: 'Too much to do right now. Try again in a second.', TIMED_OUT: 'This took too long and was given up. Try again.', SHUTTING_DOWN: 'The service is restarting. Try again shortly.', SERVICE_UNAVAILABLE: 'A part of the system does not answer. Try again shortly.',
    DATABASE_UNAVAILABLE: 'The database does not answer. Nothing was changed.', DATABASE_BUSY: 'The database is busy. Nothing was changed; try again.',
    CONNECTION_LOST: 'The database connection broke. Look before you repeat it.', COMMIT_UNKNOWN: 'It is not certain that the change was kept. Reload before you repeat it.', TRANSACTION_ABORTED: 'The change was not made. Try again.',
    SIGN_IN_FAILED: 'User name or password is wrong.', SIGN_IN_LOCKED: 'Too many wrong passwords. Wait before the next try.', PASSWORD_REFUSED: 'The present password is wrong, or the new one is too short.', SETUP_LINK_INVALID: 'This set-up link was used, has expired or never was one. Restart the server for a new one.',
    ORIGIN_REFUSED: 'The request came from another site and was refused.',
    USERNAME_TAKEN: 'Somebody has this user name already.', USER_NOT_FOUND: 'There is no such person.', LAST_ADMIN: 'One active admin must remain.', CALLEE_CLOCK_FIXED: 'The callee clock can be set in the demo only.',
    AUDIT_UNAVAILABLE: 'The audit cannot be written now, so this was refused.',
    CUSTOMER_NOT_FOUND: 'There is no such customer, or it is not yours to see.', PHONE_NOT_FOUND: 'The customer has no such number.', PHONE_INVALID: 'This is not a telephone number.', PHONE_TAKEN: 'Another customer has this number.',
    TIME_ZONE_UNKNOWN: 'Unknown time zone. Write it like Asia/Shanghai.', OWNER_UNKNOWN: 'The owner does not exist or is inactive.', CONDITION_INVALID: 'The condition has a fault. Check it.', CURSOR_INVALID: 'The list has changed. Reload it.',
    RULE_NOT_FOUND: 'There is no such rule.', IMPORT_NOT_FOUND: 'There is no such import.', IMPORT_FILE_MISSING: 'No file arrived.', IMPORT_FILE_TOO_LARGE: 'The file is too large.', IMPORT_OPTIONS_INVALID: 'The import settings are incomplete. Check them.',
    IMPORT_FILE_UNREADABLE: 'The file cannot be read: use CSV in UTF-8 or GB18030.',
    CAMPAIGN_NOT_FOUND: 'There is no such campaign.', CAMPAIGN_HAS_NO_LEADS: 'Nobody matches the audience.', CAMPAIGN_STATE_WRONG: 'The campaign’s state does not allow this. Reload and look.', CALL_NOT_ALLOWED: 'This person may not be called now.',
    LINE_NOT_FOUND: 'There is no such line.', NO_LINE: 'No line is free for this call.', VOICE_AWAY: 'The voice service does not answer; nobody was called.', RULES_UNKNOWN: 'The rules are not known yet; nothing is dialled without them.', LINE_ADDRESS_INVALID: 'An address of the line is not host:port.',
    API_KEY_NOT_FOUND: 'There is no such key.', SETTING_NOT_FOUND: 'There is no such setting.',
  },
}
