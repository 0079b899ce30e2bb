import type { Words } from './words'

/** The trial of the telephone before the shift: what is going on, what was found, and what to mend. */
export const selfTestZh = {
  title: '班前试音', run: '试音', again: '重新试音', details: '详情', due: '就绪前需要先试音',
  phase: { idle: '正在准备试音…', listening: '请对着麦克风说几句话…', playing: '正在回放，你应当听到自己的声音…' },
  passed: '试音通过', waived: '主管 {{by}} 免去试音：{{reason}}', level: '麦克风音量',
  step: { microphone: '麦克风', path: '通路', loss: '丢包与抖动', echo: '听到自己的声音' }, stepState: { good: '正常', bad: '有问题', unknown: '未知' },
  figure: { level: '最响 {{level}} dBFS', path: '{{kind}} · {{protocol}} · 往返 {{roundTrip}} ms', direct: '话机直连 · 往返 {{roundTrip}} ms', loss: '丢包 {{loss}} · 抖动 {{jitter}} ms', echo: '收到 {{packets}} 个语音包' },
  candidate: { host: '直连', srflx: '经 NAT', prflx: '经 NAT', relay: '经 TURN 中继' },
  fault: {
    interrupted: '试音被打断', muted: '麦克风已静音', 'no-packets': '你的声音没有送到服务器', silent: '没有听到你说话', loss: '网络丢包过多', jitter: '网络抖动过大', slow: '网络延迟过高', 'no-path': '没有可用的语音通路', 'no-echo': '回放没有传到你这里', 'no-result': '没有等到试音结果',
  },
  fix: {
    interrupted: '有电话接入或话机断开了。空闲时再试一次。', muted: '取消静音：检查耳机线控、电脑的麦克风静音键，以及本页的静音按钮。', 'no-packets': '检查话机或耳机是否仍连接；防火墙需放行到语音服务器的 UDP。', silent: '说几句话再试。仍听不到时，检查耳机静音键，并在浏览器或系统里换成正确的麦克风。', loss: '改用网线，或靠近无线路由器；关闭下载和视频。', jitter: '改用网线，或靠近无线路由器；关闭下载和视频。', slow: '关闭 VPN 或换一条网络；仍然偏高时请联系管理员。', 'no-path': '防火墙可能拦截了 UDP。请联系管理员配置 TURN 中继。', 'no-echo': '检查耳机音量和浏览器的输出设备；防火墙需放行来自语音服务器的 UDP。', 'no-result': '语音服务可能正在重启，稍候再试一次。',
  },
  waive: '免去试音', waiveReason: '原因（记入审计）', waiveDone: '已免去试音',
}

export const selfTestEn: Words<typeof selfTestZh> = {
  title: 'Test before the shift', run: 'Test', again: 'Test again', details: 'Details', due: 'The phone is tested before you can be ready',
  phase: { idle: 'Preparing the test…', listening: 'Say a few words…', playing: 'Playing back: you should hear yourself…' },
  passed: 'Test passed', waived: '{{by}} lets you work without: {{reason}}', level: 'Level of the microphone',
  step: { microphone: 'Microphone', path: 'Path', loss: 'Loss and jitter', echo: 'Your own voice' }, stepState: { good: 'good', bad: 'needs mending', unknown: 'unknown' },
  figure: { level: 'loudest {{level}} dBFS', path: '{{kind}} · {{protocol}} · round trip {{roundTrip}} ms', direct: 'telephone · round trip {{roundTrip}} ms', loss: 'loss {{loss}} · jitter {{jitter}} ms', echo: '{{packets}} packets arrived' },
  candidate: { host: 'direct', srflx: 'through NAT', prflx: 'through NAT', relay: 'by a TURN relay' },
  fault: {
    interrupted: 'The test was interrupted', muted: 'The microphone is muted', 'no-packets': 'Your voice does not reach the server', silent: 'Nobody was heard speaking', loss: 'The network loses too much', jitter: 'The network is too uneven', slow: 'The network is too slow', 'no-path': 'No path for voice was found', 'no-echo': 'The playback did not reach you', 'no-result': 'The test gave no result',
  },
  fix: {
    interrupted: 'A call came in or the phone was cut off. Try again when you are free.', muted: 'Unmute: look at the headset’s switch, the computer’s microphone key, and the mute button here.', 'no-packets': 'See that the phone or headset is still connected; the firewall must let UDP through to the voice server.', silent: 'Say a few words and test again. Still nothing: check the headset’s mute key, and choose the right microphone in the browser or system.', loss: 'Use a cable, or move closer to the router; stop downloads and video.', jitter: 'Use a cable, or move closer to the router; stop downloads and video.', slow: 'Leave the VPN or change the network; if it stays slow, tell an admin.', 'no-path': 'A firewall may block UDP. Ask an admin to set up a TURN relay.', 'no-echo': 'Check the headset’s volume and the browser’s output device; the firewall must let UDP in from the voice server.', 'no-result': 'The voice service may be restarting. Try again in a moment.',
  },
  waive: 'Waive the test', waiveReason: 'Reason (noted in the audit)', waiveDone: 'Waived',
}
