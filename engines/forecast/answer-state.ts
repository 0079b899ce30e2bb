import { newAnswerForecast } from './answer-forecast.ts'
import type { AnswerForecast, AnswerForecastOptions } from './answer-forecast.ts'
import { setWeight } from './ftrl.ts'
import { StateReader, StateWriter } from './state-bytes.ts'

/**
 * Changes with every change of features, tables or packing: a state of another version is not read but learnt anew from the
 * attempts themselves.
 */
export const ANSWER_VERSION = 1

const MARK = 0x41_46_4c_50

/** What was learnt, as bytes: slots in use and people, nothing that can be computed. Restored, it forecasts to the last digit alike. */
export function saveAnswerForecast(forecast: AnswerForecast): Uint8Array {
  const { population, calibration, dead, people } = forecast
  const writer = new StateWriter()
  writer.whole(MARK)
  writer.whole(ANSWER_VERSION)
  writer.whole(population.mask)
  for (const value of [forecast.prior, calibration.slope, calibration.intercept, dead.sum, dead.people]) writer.double(value)
  const used = usedSlots(population.n)
  writer.whole(used.length)
  for (const slot of used) {
    writer.whole(slot)
    writer.float((population.z[slot] as number))
    writer.float((population.n[slot] as number))
  }
  writer.whole(people.size)
  for (const [id, attempts] of people) {
    writer.text(id)
    writer.byte(attempts.length)
    for (const packed of attempts) writer.whole(packed)
  }
  return writer.done()
}

/** The forecast that was saved; null when another version wrote it, or when it is damaged. */
export function restoreAnswerForecast(bytes: Uint8Array, options: Pick<AnswerForecastOptions, 'peopleMost'> = {}): AnswerForecast | null {
  try {
    return read(new StateReader(bytes), options)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function read(reader: StateReader, options: Pick<AnswerForecastOptions, 'peopleMost'>): AnswerForecast | null {
  if (reader.whole() !== MARK || reader.whole() !== ANSWER_VERSION) return null
  const forecast = newAnswerForecast(options)
  if (reader.whole() !== forecast.population.mask) return null
  forecast.prior = reader.double()
  forecast.calibration.slope = reader.double()
  forecast.calibration.intercept = reader.double()
  forecast.dead.sum = reader.double()
  forecast.dead.people = reader.double()
  for (let left = reader.whole(); left > 0; left -= 1) setWeight(forecast.population, reader.whole(), reader.float(), reader.float())
  for (let left = reader.whole(); left > 0; left -= 1) {
    const id = reader.text()
    forecast.people.set(id, Array.from({ length: reader.byte() }, () => reader.whole()))
  }
  return reader.atEnd ? forecast : null
}

function usedSlots(n: Float32Array): number[] {
  const used: number[] = []
  for (let slot = 0; slot < n.length; slot += 1) if (n[slot] !== 0) used.push(slot)
  return used
}
