/** What is said of forecasts once their outcomes are known; `happened` holds 0 or 1 for each probability. */

/** Probability that a case that came true was given more than one that did not, ties half: 0..1. */
export function areaUnderCurve(probabilities: readonly number[], happened: readonly number[]): number {
  const order = inOrder(probabilities)
  let ranks = 0
  let came = 0
  for (let from = 0; from < order.length;) {
    let to = from
    while (to < order.length && probabilities[(order[to] as number)] === probabilities[(order[from] as number)]) to += 1
    for (let at = from; at < to; at += 1) {
      if (!happened[(order[at] as number)]) continue
      ranks += (from + to + 1) / 2
      came += 1
    }
    from = to
  }
  return (ranks - (came * (came + 1)) / 2) / (came * (order.length - came))
}

/** Expected calibration error over ten bins of equal width, 0..1. */
export function calibrationError(probabilities: readonly number[], happened: readonly number[]): number {
  const gaps = Array.from({ length: 10 }, () => 0)
  probabilities.forEach((probability, at) => {
    const bin = Math.min(9, Math.floor(probability * 10))
    gaps[bin] = (gaps[bin] as number) + probability - (happened[at] as number)
  })
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / probabilities.length
}

/** How many times as often it came true among the tenth with the highest forecasts as among all. */
export function liftOfTopTenth(probabilities: readonly number[], happened: readonly number[]): number {
  const top = inOrder(probabilities).slice(-Math.floor(probabilities.length / 10))
  return mean(top.map((at) => (happened[at] as number))) / mean(happened)
}

function inOrder(probabilities: readonly number[]): number[] {
  return [...probabilities.keys()].sort((left, right) => (probabilities[left] as number) - (probabilities[right] as number))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
