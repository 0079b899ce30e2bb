/** Microseconds per call, printed as JSON: `node drivers/keys/keyring.bench.ts`. Budget: 10 µs per seal or open. */
import { newKeySet } from './key-file.ts'
import { createKeyring } from './keyring.ts'

const ROUNDS = 100_000
const keyring = createKeyring(newKeySet())
const customerId = '019a2b3c-0000-7000-8000-000000000001'
const sealed = keyring.seal('+8613900001234', customerId)

function microseconds(act: () => unknown): number {
  for (let round = 0; round < ROUNDS / 10; round++) act()
  const start = performance.now()
  for (let round = 0; round < ROUNDS; round++) act()
  return Number((((performance.now() - start) * 1_000) / ROUNDS).toFixed(2))
}

console.log(JSON.stringify({
  sealUs: microseconds(() => keyring.seal('+8613900001234', customerId)),
  openUs: microseconds(() => keyring.open(sealed, customerId)),
  blindIndexUs: microseconds(() => keyring.blindIndex('+8613900001234')),
}))
