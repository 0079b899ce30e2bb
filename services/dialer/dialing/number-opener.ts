import type { Keyring } from '@loopline/keys/keyring'
import type { DecisionContext } from './decide.ts'

/** Opens sealed numbers for the decision; what it sees is compared with places and forgotten. One that cannot be opened is voice's to refuse. */
export const numberOpener = ({ keys }: { keys: Keyring }): DecisionContext['numberOf'] => (phone, customerId) => {
  try {
    return keys.openPhone(Buffer.from(phone.sealed, 'base64'), customerId).reveal()
  } catch {
    return null
  }
}
