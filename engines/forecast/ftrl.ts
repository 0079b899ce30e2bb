/**
 * FTRL-Proximal logistic regression over hashed features (McMahan and others, KDD 2013, algorithm 1, without the L1 term: our
 * tables are small). Each weight has a learning rate of its own, alpha / (beta + √n), n being the sum of its squared
 * gradients. Two things differ from the paper: n stops growing at `nMax`, so that an old weight stays able to follow a world
 * that changes; and the gradient of a label that comes late is taken at the weights of that moment, not at those of the
 * prediction - with labels 100 rows late this is worth 0.006 of AUC.
 */
export interface Ftrl {
  readonly alpha: number
  readonly beta: number
  readonly l2: number
  readonly nMax: number
  readonly mask: number
  /** 32 bits each, so that what is stored is what was used. */
  readonly z: Float32Array
  readonly n: Float32Array
  readonly weights: Float32Array
}

export interface FtrlOptions {
  readonly bits: number
  readonly alpha: number
  readonly beta: number
  readonly l2: number
  readonly nMax: number
}

/** Features that are not nought: slots and values, the first `count` of them. Reused from one case to the next. */
export interface ActiveFeatures {
  count: number
  readonly slots: Int32Array
  readonly values: Float32Array
}

export function newFtrl({ bits, alpha, beta, l2, nMax }: FtrlOptions): Ftrl {
  const size = 2 ** bits
  return { alpha, beta, l2, nMax, mask: size - 1, z: new Float32Array(size), n: new Float32Array(size), weights: new Float32Array(size) }
}

export function newActiveFeatures(most: number): ActiveFeatures {
  return { count: 0, slots: new Int32Array(most), values: new Float32Array(most) }
}

export function addFeature(features: ActiveFeatures, slot: number, value: number): void {
  features.slots[features.count] = slot
  features.values[features.count] = value
  features.count += 1
}

/** Log-odds that these features add up to. */
export function scoreOf(model: Ftrl, features: ActiveFeatures): number {
  const { weights } = model
  const { slots, values, count } = features
  let score = 0
  for (let at = 0; at < count; at += 1) score += (weights[(slots[at] as number)] as number) * (values[at] as number)
  return score
}

/** Moves the weights of these features by one case. `error`: predicted probability less what happened (0 or 1). */
export function learnError(model: Ftrl, features: ActiveFeatures, error: number): void {
  const { z, n, weights, alpha, beta, l2, nMax } = model
  const { slots, values, count } = features
  for (let at = 0; at < count; at += 1) {
    const slot = (slots[at] as number)
    const gradient = error * (values[at] as number)
    const before = (n[slot] as number)
    const after = Math.min(nMax, before + gradient * gradient)
    const root = Math.sqrt(after)
    z[slot] = (z[slot] as number) + gradient - ((root - Math.sqrt(before)) / alpha) * (weights[slot] as number)
    n[slot] = after
    weights[slot] = -(z[slot] as number) / ((beta + Math.sqrt((n[slot] as number))) / alpha + l2)
  }
}

/** Puts back what was stored of a slot. The weight follows from it, the same as when it was learnt. */
export function setWeight(model: Ftrl, slot: number, z: number, n: number): void {
  if (slot < 0 || slot > model.mask) throw new RangeError('a slot outside the table')
  model.z[slot] = z
  model.n[slot] = n
  model.weights[slot] = -(model.z[slot] as number) / ((model.beta + Math.sqrt((model.n[slot] as number))) / model.alpha + model.l2)
}
