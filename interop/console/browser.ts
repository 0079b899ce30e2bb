/** Chromium as it is installed, one window per person, and what no page of ours may do. */
import { accessSync, constants, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { PEERS } from '../peers.ts'
import { DEMO_PASSWORD } from '../product.ts'

/** What a headless browser needs as root, and what keeps it from talking to its maker. */
const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', '--autoplay-policy=no-user-gesture-required',
]

/** The size of the pictures in the docs. */
const VIEWPORT = { width: 1280, height: 800 }

/** @throws when none of the names its distributions give it is on PATH. */
function installedChromium(): string {
  const places = (process.env['PATH'] ?? '').split(delimiter)
  const candidates = PEERS.chromium.programs.flatMap((program) => places.map((place) => join(place, program)))
  const found = candidates.find((candidate) => isExecutable(candidate))
  if (found === undefined) throw new Error(`no Chromium here: ${PEERS.chromium.install}`)
  return found
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** A person's window on the console. */
export class Desk {
  readonly page: Page
  readonly #context: BrowserContext

  constructor(page: Page, context: BrowserContext) {
    this.page = page
    this.#context = context
  }

  close(): Promise<void> {
    return this.#context.close()
  }
}

export interface Wishes {
  locale?: string
  /** What the person's system prefers. */
  colorScheme?: 'light' | 'dark'
}

export interface Equipment {
  /** A WAV file that every microphone hears, over and over; without one it beeps. */
  microphone?: string
  /** Of Chromium's command line, beside ours. */
  options?: readonly string[]
}

export class Office {
  /** Errors of pages, refused scripts, dialogs, requests elsewhere: there must be none. */
  readonly faults: string[] = []
  readonly #browser: Browser
  readonly #address: string
  readonly #profile: string

  private constructor(browser: Browser, address: string, profile: string) {
    this.#browser = browser
    this.#address = address
    this.#profile = profile
  }

  static async open(address: string, { microphone, options = [] }: Equipment = {}): Promise<Office> {
    const profile = await mkdtemp(join(tmpdir(), 'loopline browser '))
    // Playwright gives each browser a new, empty --user-data-dir; the one named here holds its downloads and traces.
    const browser = await chromium.launch({ executablePath: installedChromium(), headless: true, args: [...ARGUMENTS, ...options, ...(microphone === undefined ? [] : [`--use-file-for-fake-audio-capture=${microphone}`])], artifactsDir: profile })
    return new Office(browser, address, profile)
  }

  /** A window of its own for somebody who has not signed in. */
  async door(who: string, { locale = 'zh-CN', colorScheme = 'light' }: Wishes = {}): Promise<Desk> {
    const context = await this.#browser.newContext({ viewport: VIEWPORT, locale, timezoneId: 'Asia/Shanghai', baseURL: this.#address, colorScheme })
    context.setDefaultTimeout(45_000)
    const page = await context.newPage()
    this.#watch(page, who)
    await page.goto('/')
    await page.locator('#username').waitFor()
    return new Desk(page, context)
  }

  /** Signs in by the form, as a person does. */
  async seat(username: string, wishes: Wishes = {}): Promise<Desk> {
    const desk = await this.door(username, wishes)
    const { page } = desk
    await page.locator('#username').fill(username)
    await page.locator('#password').fill(DEMO_PASSWORD)
    await page.locator('button[type=submit]').click()
    await page.locator('nav .place').first().waitFor()
    return desk
  }

  /** A window that is signed in and shows nothing of the console: scripts of a suite may be put into it. */
  async quiet(username: string): Promise<{ page: Page; close(): Promise<void> }> {
    const context = await this.#browser.newContext({ baseURL: this.#address, bypassCSP: true, permissions: ['microphone'] })
    const page = await context.newPage()
    await page.goto('/')
    const status = await page.evaluate<number>(`fetch('/api/auth/sign-in/username', {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(${JSON.stringify({ username, password: DEMO_PASSWORD })}),
    }).then((answer) => answer.status)`)
    if (status !== 200) throw new Error(`${username} could not sign in: ${status}`)
    return { page, close: () => context.close() }
  }

  #watch(page: Page, who: string): void {
    const fault = (what: string): void => void this.faults.push(`${who} at ${page.url()}: ${what}`)
    page.on('pageerror', (error) => fault(error.message))
    page.on('dialog', (dialog) => {
      fault(`a dialog says ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('console', (message) => {
      // A refused request is told by the page itself, where a person sees it.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) fault(message.text())
    })
    page.on('response', (response) => {
      // 409 is a conflict that the person is shown; 401 is how the page learns that nobody is signed in.
      if (response.status() >= 400 && response.status() !== 409 && response.status() !== 401) fault(`${response.status()} for ${response.url()}`)
    })
    page.on('request', (request) => {
      if (!request.url().startsWith(this.#address) && !/^(data|blob):/.test(request.url())) fault(`asked ${request.url()}`)
    })
  }

  /** The processes that run this browser's pages; its sockets are another process's. */
  async renderers(): Promise<number[]> {
    const session = await this.#browser.newBrowserCDPSession()
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    await session.detach()
    return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id)
  }

  /** What stands on every screen now, as `<path>-<n>.png`. */
  async pictures(path: string): Promise<void> {
    const pages = this.#browser.contexts().flatMap((context) => context.pages())
    await Promise.all(pages.map((page, index) => page.screenshot({ path: `${path}-${index}.png` }).catch(() => undefined)))
  }

  async close(): Promise<void> {
    await this.#browser.close()
    rmSync(this.#profile, { recursive: true, force: true })
  }
}
