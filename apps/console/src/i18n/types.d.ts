import 'i18next'
import type { lineZh } from './line-words'
import type { zh } from './zh'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof zh; line: typeof lineZh }
    returnNull: false
  }
}
