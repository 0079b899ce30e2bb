import { theme, type ThemeConfig } from 'antd'

/** One accent, hairlines instead of boxes, one shadow level (console.md, Manners). */
// White on #0B8F6A reads at 4.07:1, and #0A8562 on a selected row at 4.07:1, below WCAG AA; this one at 5.4 and 4.8.
const ACCENT = { light: '#087857', dark: '#34D399' } as const
/** The alarm and quiet inks of base.css; antd's own red and grey read below 4.5:1 on our grounds. */
const ALARM = { light: '#C4320A', dark: '#FF8A65' } as const
const QUIET = { light: '#65706B', dark: '#8C9893' } as const

export type Mode = 'light' | 'dark'

const SHARED: ThemeConfig['token'] = {
  borderRadius: 8,
  fontSize: 14,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif',
  motionDurationMid: '0.12s',
  motionDurationSlow: '0.18s',
  controlHeight: 32,
}

/** The antd theme of a mode. Colours come from here and from `states.ts` only. */
export function themeOf(mode: Mode): ThemeConfig {
  const dark = mode === 'dark'
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      ...SHARED,
      colorPrimary: ACCENT[mode],
      colorInfo: ACCENT[mode],
      colorLink: ACCENT[mode],
      colorError: ALARM[mode],
      colorTextPlaceholder: QUIET[mode],
      colorTextDescription: QUIET[mode],
      colorBgLayout: dark ? '#101413' : '#F7F8F7',
      colorBgContainer: dark ? '#161B1A' : '#FFFFFF',
      colorBgElevated: dark ? '#1D2322' : '#FFFFFF',
      colorBorderSecondary: dark ? '#262D2B' : '#E9ECEA',
      colorBorder: dark ? '#36403D' : '#D5DAD7',
      controlItemBgActive: dark ? '#16302A' : '#E3F3EC',
      controlItemBgActiveHover: dark ? '#1B3A32' : '#D6EDE3',
      colorTextLightSolid: dark ? '#06291F' : '#FFFFFF',
    },
    components: {
      Table: { cellPaddingBlockSM: 6, headerBg: 'transparent', headerSplitColor: 'transparent' },
      Layout: { siderBg: dark ? '#131817' : '#FFFFFF', headerBg: dark ? '#131817' : '#FFFFFF' },
    },
  }
}
