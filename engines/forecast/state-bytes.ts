/**
 * Numbers and texts one after the other as bytes, little-endian, and back: how a learnt state is stored. A reader that meets the
 * end too early says so by throwing; who restores a state takes that for a damaged one.
 */
export class StateWriter {
  #bytes = new Uint8Array(1 << 16)
  #view = new DataView(this.#bytes.buffer)
  #at = 0

  byte(value: number): void {
    this.#room(1)
    this.#view.setUint8(this.#at, value)
    this.#at += 1
  }

  whole(value: number): void {
    this.#room(4)
    this.#view.setInt32(this.#at, value, true)
    this.#at += 4
  }

  /** 32 bits. */
  float(value: number): void {
    this.#room(4)
    this.#view.setFloat32(this.#at, value, true)
    this.#at += 4
  }

  /** 64 bits. */
  double(value: number): void {
    this.#room(8)
    this.#view.setFloat64(this.#at, value, true)
    this.#at += 8
  }

  /** At most 65,535 UTF-16 units. */
  text(value: string): void {
    this.#room(2 + 2 * value.length)
    this.#view.setUint16(this.#at, value.length, true)
    this.#at += 2
    for (let at = 0; at < value.length; at += 1, this.#at += 2) this.#view.setUint16(this.#at, value.charCodeAt(at), true)
  }

  done(): Uint8Array {
    return this.#bytes.slice(0, this.#at)
  }

  #room(more: number): void {
    if (this.#at + more <= this.#bytes.length) return
    const wider = new Uint8Array(Math.max(2 * this.#bytes.length, this.#at + more))
    wider.set(this.#bytes)
    this.#bytes = wider
    this.#view = new DataView(wider.buffer)
  }
}

export class StateReader {
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  byte(): number {
    this.#at += 1
    return this.#view.getUint8(this.#at - 1)
  }

  whole(): number {
    this.#at += 4
    return this.#view.getInt32(this.#at - 4, true)
  }

  float(): number {
    this.#at += 4
    return this.#view.getFloat32(this.#at - 4, true)
  }

  double(): number {
    this.#at += 8
    return this.#view.getFloat64(this.#at - 8, true)
  }

  text(): string {
    const length = this.#view.getUint16(this.#at, true)
    this.#at += 2
    let text = ''
    for (let at = 0; at < length; at += 1, this.#at += 2) text += String.fromCharCode(this.#view.getUint16(this.#at, true))
    return text
  }

  get atEnd(): boolean {
    return this.#at === this.#view.byteLength
  }
}
