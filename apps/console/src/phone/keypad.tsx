import { Button } from 'antd'

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const

/** Digits to whoever is on the line (RFC 4733). */
export function Keypad({ press }: { press: (digit: string) => void }) {
  return <div className="keypad">{KEYS.map((key) => <Button key={key} onClick={() => press(key)}>{key}</Button>)}</div>
}
