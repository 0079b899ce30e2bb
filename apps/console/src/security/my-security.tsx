import { SecondFactor } from './second-factor'
import { Sessions, SignIns } from './sign-ins'

/** How I sign in, where I am signed in, and who tried to. */
export function MySecurity() {
  return <><SecondFactor /><Sessions userId={null} /><SignIns userId={null} /></>
}
