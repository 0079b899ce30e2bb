import type { DeskPhone } from '@loopline/contracts/voice-link'
import type { Dialer } from '../dialer.ts'
import { readDeskPhones } from './desk-phone.sql.ts'
import type { DeskPhoneRow } from './desk-phone.sql.ts'

/** The list that this link's voice was given last: it is told again only when it is another one. */
export class ToldPhones {
  last = ''
}

/**
 * Tells voice which desk telephones may register, when that is news to it. Read whole and compared: another dialer may have
 * changed the list, and so few rows need no cleverness.
 */
export async function tellDeskPhones(dialer: Dialer): Promise<void> {
  const { epoch } = dialer.voice
  if (epoch === null) return
  const rows = await readDeskPhones(dialer.db)
  const list = `${epoch} ${rows.map(({ agentId, user, sha256 }) => `${agentId} ${user} ${sha256.toString('base64')}`).join('\n')}`
  if (list === dialer.toldPhones.last) return
  if (dialer.voice.send({ type: 'desk-phones', phones: rows.map(phoneOf) })) dialer.toldPhones.last = list
}

const phoneOf = ({ agentId, user, md5, sha256 }: DeskPhoneRow): DeskPhone =>
  ({ agentId, user, ha1Sealed: { md5: md5.toString('base64'), sha256: sha256.toString('base64') } })
