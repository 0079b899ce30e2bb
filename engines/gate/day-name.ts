const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`)

/**
 * "2026-11-22" for a day counted from 1970-01-01, by the civil calendar (H. Hinnant, "chrono-compatible low-level date
 * algorithms", civil_from_days).
 */
export function dayName(dayNumber: number): string {
  const shifted = dayNumber + 719_468 // days since 0000-03-01, so that the leap day ends the year
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return `${year}-${two(month)}-${two(day)}`
}
