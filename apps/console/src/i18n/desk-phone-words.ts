import type { Words } from './words'

/** The telephone on an agent's desk: what to type into it, and the choice between it and the page. */
export const deskPhoneZh = {
  title: '话机', of: '{{name}} 的话机', none: '还没有话机。生成密钥后，把显示的内容填进话机或软电话。', noServer: '这台服务器还没有为话机开放地址（AGENT_SIP_LISTEN），或语音服务未连接。',
  make: '生成密钥', renew: '更换密钥', renewSure: '更换后旧密钥立即失效，话机需要重新填写。', remove: '移除话机', removeSure: '移除后话机不能再注册，正在使用的通话线路会断开。', made: '密钥生成于 {{at}}',
  leg: { down: '未注册', registered: '已注册，未接通', up: '已接通' },
  once: '密钥只显示这一次，关闭后无法再看到；填错时请更换密钥。', server: '服务器', user: '用户名 / 认证账号', realm: '认证域', secret: '密码', copy: '复制', copied: '已复制', done: '已填好，隐藏',
  browser: '浏览器', desk: '话机', choose: '选择接听方式', useBrowser: '改用浏览器接听', useDesk: '改用话机接听', noDesk: '你还没有话机，先在“设置 → 我的账号”里生成', waiting: '等待话机注册', ringing: '正在呼叫话机…', callAgain: '再次呼叫话机',
}

export const deskPhoneEn: Words<typeof deskPhoneZh> = {
  title: 'Desk phone', of: 'Desk phone of {{name}}', none: 'No desk phone yet. Make a secret and type what is shown into the phone or soft client.', noServer: 'This server opens no address for desk phones (AGENT_SIP_LISTEN), or voice is not connected.',
  make: 'Make a secret', renew: 'Renew the secret', renewSure: 'The secret before stops counting at once; the phone needs the new one.', remove: 'Remove the phone', removeSure: 'The phone can register no more, and its leg ends.', made: 'Secret made {{at}}',
  leg: { down: 'not registered', registered: 'registered, no leg', up: 'connected' },
  once: 'The secret is shown this once and never again. If it was mistyped, renew it.', server: 'Server', user: 'User name, auth user', realm: 'Realm', secret: 'Password', copy: 'Copy', copied: 'Copied', done: 'Typed in; hide it',
  browser: 'Browser', desk: 'Desk phone', choose: 'Choose the phone', useBrowser: 'Speak by the browser', useDesk: 'Speak by the desk phone', noDesk: 'You have no desk phone yet: make its secret in Settings, My account', waiting: 'Waiting for the desk phone', ringing: 'Calling the desk phone…', callAgain: 'Call it again',
}
