/** JsSIP in a page of its own, signed in as somebody: what an agent's browser is to the product, and what is heard there. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import type { Office } from '../console/browser.ts'
import { eventually, type Session } from '../product.ts'

/** page.mjs as one script. */
export async function bundlePhone(): Promise<string> {
  const built = await build({
    configFile: false, logLevel: 'error', define: { 'process.env.NODE_ENV': '"production"' },
    build: { write: false, minify: false, lib: { entry: fileURLToPath(new URL('page.mjs', import.meta.url)), formats: ['iife'], name: 'page' } },
  })
  const output = (Array.isArray(built) ? built : [built]).flatMap((each) => ('output' in each ? each.output : []))
  const script = output.find((part) => part.type === 'chunk')
  assert(script?.type === 'chunk', 'one script comes out')
  return script.code
}

export interface IceServer {
  urls: string
  username?: string
  credential?: string
}

/** What was heard over a stretch: the share of each tone asked for in all power, 0..1, and the loudest sample, 0..1. */
export interface Heard {
  shares: number[]
  peak: number
}

interface Tested {
  selfTest: { state: string; testId: string; faults: string[] }
}

export class PagePhone {
  readonly page: Page
  readonly userId: string
  readonly #url: string

  private constructor(page: Page, userId: string, url: string) {
    this.page = page
    this.userId = userId
    this.#url = url
  }

  static async open(office: Office, { script, username, address }: { script: string; username: string; address: string }): Promise<PagePhone> {
    const { page } = await office.quiet(username)
    await page.addScriptTag({ content: script })
    const { userId } = await page.evaluate<{ userId: string }>("fetch('/api/hub/me').then((answer) => answer.json())")
    return new PagePhone(page, userId, `${address.replace('http', 'ws')}/api/voice/sip`)
  }

  /** Says `registered`, or why not. */
  register(as = this.userId): Promise<string> {
    return this.#on(`phone.register(${JSON.stringify({ url: this.#url, agentId: as, instanceId: randomUUID() })})`)
  }

  /** Says `accepted`, or the status of the refusal. */
  call(uri: string, connection: { iceServers: readonly IceServer[]; iceTransportPolicy?: 'relay' } = { iceServers: [] }): Promise<string> {
    return this.#on(`phone.call(${JSON.stringify(uri)}, ${JSON.stringify(connection)})`)
  }

  /** By which kind of address the page is reached, and the packets of the leg so far. */
  path(): Promise<{ kind: string; protocol: string; sent: number; received: number }> {
    return this.#on('phone.path()')
  }

  /** What servers that are to relay give. */
  gather(iceServers: readonly IceServer[]): Promise<{ candidates: number; errors: number[] }> {
    return this.#on(`phone.gather(${JSON.stringify(iceServers)})`)
  }

  /** Says `connected` when ICE and DTLS are done. */
  connected(): Promise<string> {
    return this.#on('phone.connected()')
  }

  /** Who ended the call, and the Reason. */
  ended(): Promise<string> {
    return this.#on('phone.ended()')
  }

  /** Registers and takes its place at the desk, and listens to what comes. */
  async stand(connection?: { iceServers: readonly IceServer[]; iceTransportPolicy?: 'relay' }): Promise<void> {
    assert.equal(await this.register(), 'registered')
    assert.equal(await this.call('sip:desk@loopline', connection), 'accepted')
    assert.equal(await this.connected(), 'connected')
    await this.listen()
  }

  /** To the leg that stands now. */
  listen(): Promise<void> {
    return this.#on('phone.listen()')
  }

  /** Tries the telephone before the shift, as the console does: voice plays back what it hears, the page tells what it found. */
  async passTest(session: Session): Promise<void> {
    const { selfTest: { testId } } = await session.post<Tested>('/api/dialer/agents/me/self-test')
    const findings = await this.#on<unknown>('phone.tried()')
    await session.post(`/api/dialer/agents/me/self-test/${testId}/page`, findings)
    const { selfTest } = await eventually('the test is decided', () => session.get<Tested>('/api/dialer/agents/me'), (me) => me.selfTest.state !== 'running')
    assert.equal(selfTest.state, 'passed', JSON.stringify([selfTest, findings]))
  }

  /** Since it listens: each time a sound began after silence, in unix ms. */
  onsets(): Promise<number[]> {
    return this.#on('phone.onsets()')
  }

  /** Of the last second. */
  heard(tones: readonly number[]): Promise<Heard> {
    return this.#on(`phone.heard(${JSON.stringify(tones)})`)
  }

  close(): Promise<void> {
    return this.page.context().close()
  }

  #on<Result>(text: string): Promise<Result> {
    return this.page.evaluate<Result>(text)
  }
}
