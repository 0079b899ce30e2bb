import i18next from 'i18next'
import type { Words } from '../i18n/words'

/** Words of authenticators, sessions and sign-ins: a namespace of their own, loaded with the pages that say them. */
export const securityZh = {
  factor: {
    title: '两步验证', text: '登录时除密码外，还需输入手机验证器（如 Microsoft Authenticator、Google Authenticator）上的 6 位动态码。', on: '已开启', off: '未开启',
    turnOn: '开启两步验证', turnOff: '关闭两步验证', password: '当前密码', next: '下一步', cancel: '取消',
    scan: '用验证器扫描二维码，或手动输入密钥：', paper: '请保存这些备用码：手机丢失时，每个可登录一次。只显示这一次。', copy: '复制备用码', copied: '已复制', code: '验证器上的 6 位动态码', confirm: '确认开启',
    turnedOn: '两步验证已开启，其他登录已全部退出', turnedOff: '两步验证已关闭',
  },
  session: { title: '登录中的设备', titleOf: '登录中的设备', none: '目前没有登录', this: '本次登录', since: '{{time}} 登录', until: '{{time}} 到期', end: '退出', endOthers: '退出其他所有设备', ended: '已退出 {{count}} 处登录', unknown: '未知设备' },
  signIn: { title: '最近登录', when: '时间', outcome: '结果', address: '地址', device: '设备', none: '暂无记录', state: { 'signed-in': '成功', 'wrong-password': '密码错误', 'wrong-code': '密码正确，动态码错误' }, wrongCode: '有人用正确的密码尝试登录，但没有动态码。如果不是你，请立即修改密码。' },
  person: { endAll: '退出全部登录', removeFactor: '关闭两步验证（手机丢失）', removeFactorText: '此后凭密码即可登录，直到本人重新开启。操作会记入审计。' },
}

export const securityEn: Words<typeof securityZh> = {
  factor: {
    title: 'Two-step sign-in', text: 'Beside the password, signing in asks for the six digits that an authenticator app on your phone shows (such as Microsoft or Google Authenticator).', on: 'On', off: 'Off',
    turnOn: 'Turn on two-step sign-in', turnOff: 'Turn off two-step sign-in', password: 'Present password', next: 'Next', cancel: 'Cancel',
    scan: 'Scan this with the app, or type the key:', paper: 'Keep these codes: each lets you in once when the phone is lost. They are shown this once.', copy: 'Copy the codes', copied: 'Copied', code: 'The six digits of the app', confirm: 'Turn on',
    turnedOn: 'Two-step sign-in is on, and everywhere else you are signed out', turnedOff: 'Two-step sign-in is off',
  },
  session: { title: 'Where you are signed in', titleOf: 'Signed in now', none: 'Nowhere', this: 'here, now', since: 'since {{time}}', until: 'until {{time}}', end: 'Sign out', endOthers: 'Sign out everywhere else', ended: 'Signed out in {{count}} places', unknown: 'unknown device' },
  signIn: { title: 'Latest sign-ins', when: 'When', outcome: 'Result', address: 'Address', device: 'Device', none: 'None yet', state: { 'signed-in': 'signed in', 'wrong-password': 'wrong password', 'wrong-code': 'right password, wrong code' }, wrongCode: 'Somebody knew the password and not the code. If it was not you, change your password now.' },
  person: { endAll: 'Sign out everywhere', removeFactor: 'Turn off two-step sign-in (phone lost)', removeFactorText: 'The password alone lets in from now on, until the person turns it on again. This goes into the audit.' },
}

i18next.addResourceBundle('zh-CN', 'security', securityZh)
i18next.addResourceBundle('en', 'security', securityEn)
