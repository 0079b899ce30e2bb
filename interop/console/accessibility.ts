/** What keeps somebody out of the console: what axe finds on its pages of WCAG 2.2 A and AA that is serious or critical. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import type { Session } from '../product.ts'
import type { Office } from './browser.ts'

interface Violation {
  id: string
  impact: 'minor' | 'moderate' | 'serious' | 'critical' | null
  help: string
  nodes: { target: unknown[]; failureSummary?: string }[]
}

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
/** In the page, as text: this program has no types of a browser. */
const RUN = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] })
  .then(({ violations }) => JSON.stringify(violations.map(({ id, impact, help, nodes }) => ({ id, impact, help, nodes: nodes.map(({ target, failureSummary }) => ({ target, failureSummary })) }))))`

/** One line for each kind of hindrance on the page as it stands, with the first places where it is. */
async function hindrances(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const violations = JSON.parse(await page.evaluate<string>(RUN)) as Violation[]
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, impact, help, nodes }) => {
    const places = nodes.slice(0, 3).map(({ target, failureSummary = '' }) => `${target.join(' ')} (${failureSummary.split('\n').slice(1).join('; ').trim()})`)
    return `${impact} ${id}: ${help}, ${nodes.length} times, such as ${places.join(' | ')}`
  })
}

/** What hinders on the page as it stands, in both appearances; the one that it had is put back. */
export async function hindrancesHere(page: Page, where: string): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.locator(`html[data-mode=${colorScheme}]`).waitFor({ state: 'attached' })
    await hasSettled(page)
    found.push(...(await hindrances(page)).map((line) => `${colorScheme} ${where}: ${line}`))
  }
  return found
}

/** Whatever fades in is judged when it is there. */
const hasSettled = (page: Page): Promise<unknown> => page.evaluate('Promise.allSettled(document.getAnimations().filter((one) => one.effect?.getTiming().iterations !== Infinity).map((one) => one.finished))')

/** Where each page is, and what stands on it when it is whole. */
const PAGES: readonly { path: string; whole: string }[] = [
  { path: '/customers', whole: '.row-link' }, { path: '/customers/new', whole: '#name' }, { path: '/customers/import', whole: 'input[type=file]' },
  { path: '/campaigns', whole: 'table a' }, { path: '/campaigns/new', whole: '.ant-steps' }, { path: '/calls', whole: '.row-link' }, { path: '/calls/recordings', whole: '.empty, table.list tbody tr' }, { path: '/rules', whole: 'h2' },
  { path: '/lines', whole: '.state' }, { path: '/lines/numbers', whole: 'table.list .row-link' }, { path: '/settings', whole: '.desk-phone button' }, { path: '/settings?section=people', whole: 'table.list tbody tr' },
  { path: '/workbench', whole: '.due-row, .empty' }, { path: '/live', whole: '.empty, .board' }, { path: '/reports', whole: '.empty, table.list' },
]

/** Every page in both appearances, the sign-in before them, a record and a campaign that was started among them. */
export async function hindrancesEverywhere(office: Office, session: Session): Promise<string[]> {
  const { items: [customer] } = await session.get<{ items: { customerId: string }[] }>('/api/crm/customers?limit=1&sort=updated')
  const { items: campaigns } = await session.get<{ items: { campaignId: string; startedAt: string | null }[] }>('/api/dialer/campaigns')
  const campaign = campaigns.find(({ startedAt }) => startedAt !== null)
  const pages = [...PAGES, { path: `/customers/${customer?.customerId}`, whole: '.timeline-item' }, { path: `/campaigns/${campaign?.campaignId}`, whole: '.latest a' }]
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    const desk = await office.door('a visitor', { colorScheme })
    found.push(...(await hindrances(desk.page)).map((line) => `${colorScheme} sign-in: ${line}`))
    await desk.close()
    const seat = await office.seat('admin', { colorScheme })
    const { page } = seat
    for (const { path, whole } of pages) {
      await page.goto(path)
      await page.locator(whole).first().waitFor({ state: 'attached' })
      await hasSettled(page)
      found.push(...(await hindrances(page)).map((line) => `${colorScheme} ${path}: ${line}`))
    }
    await seat.close()
  }
  return found
}
