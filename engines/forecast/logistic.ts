/** Log-odds are kept within ±CERTAIN: nothing here is surer than one in 160,000. */
const CERTAIN = 12

export function logistic(logit: number): number {
  return 1 / (1 + Math.exp(-bounded(logit)))
}

/** Log-odds of a share, 0..1; 0 and 1 give ±12. */
export function logitOf(share: number): number {
  return bounded(Math.log(share / (1 - share)))
}

/** Within ±12; what is no number counts as even odds. */
export function bounded(logit: number): number {
  if (!(logit < CERTAIN)) return logit >= CERTAIN ? CERTAIN : 0
  return logit > -CERTAIN ? logit : -CERTAIN
}
