import type { CustomerId } from '@loopline/vocabulary/ids'
import { CodedError } from '@loopline/http/coded-error'
import type { Actor, Deps } from '../deps.ts'

/**
 * A seller reads and writes his own customers, and whoever is on his line: the story must be there before the first word,
 * also of a customer that somebody else owns. Whom he serves the dialer knows; it is asked only where his own are not enough.
 * @throws what `act` throws
 */
export async function alsoServed<Result>(deps: Pick<Deps, 'serves' | 'log'>, actor: Actor, customerId: CustomerId, act: (actor: Actor) => Promise<Result>): Promise<Result> {
  try {
    return await act(actor)
  } catch (error) {
    const isHidden = error instanceof CodedError && error.code === 'CUSTOMER_NOT_FOUND'
    if (!isHidden || actor.scope !== 'own' || !deps.serves || !(await serves(deps, actor, customerId))) throw error
    return act({ ...actor, serves: customerId })
  }
}

/** Without an answer he serves nobody: missing knowledge hides. */
async function serves({ serves: ask, log }: Pick<Deps, 'serves' | 'log'>, { identity }: Actor, customerId: CustomerId): Promise<boolean> {
  try {
    return (await ask?.(identity.sub, customerId)) ?? false
  } catch (error) {
    log.warn({ err: error }, 'the dialer does not say whom an agent serves')
    return false
  }
}
