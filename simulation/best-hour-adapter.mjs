import { createForecaster as create } from './best-hour-forecaster.ts'

/** What an outside trial of best hours imports; plain Node 24 strips the types of what stands behind it. @public */
export const name = 'loopline'

/** @public */
export const createForecaster = create
