import { useMutation } from '@tanstack/react-query'
import { runSelfTest } from './self-test'

/** The test by hand; why it could not begin is shown where it was asked for. */
export const useStartTest = () => useMutation({ mutationFn: runSelfTest })
