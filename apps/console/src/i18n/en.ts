import { campaignEn } from './campaign-words'
import { customerEn } from './customer-words'
import { errorEn } from './error-words'
import { frameEn } from './frame-words'
import { importEn } from './import-words'
import { inboundEn } from './inbound-words'
import { phoneEn } from './phone-words'
import { placeEn } from './place-words'
import { reasonEn } from './reason-words'
import { selfTestEn } from './self-test-words'
import { reportEn } from './report-words'
import { deskPhoneEn } from './desk-phone-words'
import { signInEn } from './sign-in-words'
import { messageEn, transferEn } from './transfer-words'
import { vocabularyEn } from './vocabulary-words'

export const en = {
  ...vocabularyEn, reason: reasonEn, error: errorEn, frame: frameEn, signIn: signInEn, customer: customerEn,
  import: importEn, inbound: inboundEn, campaign: campaignEn, ...placeEn, ...phoneEn, selfTest: selfTestEn, deskPhone: deskPhoneEn, report: reportEn, transfer: transferEn, message: messageEn,
}
