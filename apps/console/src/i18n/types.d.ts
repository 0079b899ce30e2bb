import 'i18next'
import type { complianceZh } from '../compliance/compliance-words'
import type { zh } from './zh'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof zh; compliance: typeof complianceZh }
    returnNull: false
  }
}
