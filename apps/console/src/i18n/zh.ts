import { campaignZh } from './campaign-words'
import { customerZh } from './customer-words'
import { errorZh } from './error-words'
import { frameZh } from './frame-words'
import { importZh } from './import-words'
import { inboundZh } from './inbound-words'
import { phoneZh } from './phone-words'
import { placeZh } from './place-words'
import { reasonZh } from './reason-words'
import { selfTestZh } from './self-test-words'
import { reportZh } from './report-words'
import { deskPhoneZh } from './desk-phone-words'
import { signInZh } from './sign-in-words'
import { messageZh, transferZh } from './transfer-words'
import { vocabularyZh } from './vocabulary-words'

export const zh = {
  ...vocabularyZh, reason: reasonZh, error: errorZh, frame: frameZh, signIn: signInZh, customer: customerZh,
  import: importZh, inbound: inboundZh, campaign: campaignZh, ...placeZh, ...phoneZh, selfTest: selfTestZh, deskPhone: deskPhoneZh, report: reportZh, transfer: transferZh, message: messageZh,
}
