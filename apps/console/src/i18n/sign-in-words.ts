import type { Words } from './words'

export const signInZh = {
  title: '登录', username: '用户名', password: '密码', submit: '登录', remember: '保持登录',
  tagline: '数据 — 触达 — 反馈，一个闭环', forgot: '忘记密码？请联系管理员重置。',
  code: '验证器上的 6 位动态码', paper: '备用码', toPaper: '手机不在身边？使用备用码', toCode: '使用动态码', back: '返回',
}

export const signInEn: Words<typeof signInZh> = {
  title: 'Sign in', username: 'User name', password: 'Password', submit: 'Sign in', remember: 'Stay signed in',
  tagline: 'Data, reach, feedback: one closed loop', forgot: 'Forgot your password? An admin can set a new one.',
  code: 'The six digits of your authenticator', paper: 'One of your codes on paper', toPaper: 'No phone at hand? Use a code on paper', toCode: 'Use the authenticator', back: 'Back',
}
