import 'i18next'
import type { pacingZh } from './pacing-words'
import type { numbersZh } from '../numbers/number-words'
import type { complianceZh } from '../compliance/compliance-words'
import type { securityZh } from '../security/security-words'
import type { lineZh } from './line-words'
import type { zh } from './zh'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof zh; pacing: typeof pacingZh; numbers: typeof numbersZh; compliance: typeof complianceZh; security: typeof securityZh; line: typeof lineZh }
    defaultNS: 'translation'
    returnNull: false
  }
}
