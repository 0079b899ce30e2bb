import 'i18next'
import type { pacingZh } from './pacing-words'
import type { zh } from './zh'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof zh; pacing: typeof pacingZh }
    returnNull: false
  }
}
