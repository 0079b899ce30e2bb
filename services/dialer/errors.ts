import { errorsOf } from '@loopline/http/coded-error'

/** Every error the dialer can answer beside the common ones. docs/errors.md is generated from it. */
export const ERRORS = {
  CAMPAIGN_NOT_FOUND: { status: 404, retry: 'never', message: 'There is no such campaign.' },
  CAMPAIGN_STATE_WRONG: { status: 409, retry: 'after-change', message: 'The campaign is not in a state that allows this; details name it.' },
  CONDITION_INVALID: { status: 422, retry: 'after-change', message: 'The condition cannot be understood; details name the places.' },
  LINE_NOT_FOUND: { status: 404, retry: 'never', message: 'There is no such line.' },
  CUSTOMER_NOT_FOUND: { status: 404, retry: 'never', message: 'There is no such customer, or you may not see it.' },
  CALL_NOT_ALLOWED: { status: 409, retry: 'after-change', message: 'This person may not be called now; details give the reasons.' },
  NO_LINE: { status: 503, retry: 'later', message: 'No line is free for this call; details say why.' },
  VOICE_AWAY: { status: 503, retry: 'later', message: 'The voice process does not answer; nobody was called.' },
  RULES_UNKNOWN: { status: 503, retry: 'later', message: 'The rule book is not known yet; nothing is dialled without it.' },
  PHONE_INVALID: { status: 422, retry: 'after-change', message: 'A number is not in E.164 form (+ and 3 to 15 digits); details name the entries.' },
  LINE_ADDRESS_INVALID: { status: 422, retry: 'after-change', message: 'An address of the line is not host:port.' },
  AGENT_NOT_FOUND: { status: 404, retry: 'never', message: 'There is no such agent on duty, or you may not see him.' },
  AGENT_NOT_SIGNED_ON: { status: 409, retry: 'after-change', message: 'Sign on first.' },
  AGENT_BUSY: { status: 409, retry: 'later', message: 'The agent serves a call; finish it first.' },
  AGENT_LEG_DOWN: { status: 409, retry: 'after-change', message: 'The telephone of the agent is not connected.' },
  AGENT_STATE_WRONG: { status: 409, retry: 'after-change', message: 'The session is not in a state that allows this; details hold the current row.' },
  SELF_TEST_MISSING: { status: 409, retry: 'after-change', message: 'The telephone was not tested in this shift; details say whether a test is going on.' },
  SELF_TEST_FAILED: { status: 409, retry: 'after-change', message: 'The test of the telephone found faults; details name them.' },
  CARD_GONE: { status: 409, retry: 'never', message: 'This card is no longer yours: its time is over, or the customer may not be called now.' },
  CALLER_GONE: { status: 409, retry: 'never', message: 'This caller does not ring here any more: he hung up, or somebody else has taken the call.' },
  CALL_NOT_FOUND: { status: 404, retry: 'never', message: 'There is no such call, or it is not yours.' },
  CALL_NOT_OVER: { status: 409, retry: 'later', message: 'The call is still going on.' },
  CALLBACK_NOT_ALLOWED: { status: 409, retry: 'after-change', message: 'The customer may not be called at that time; details give the reasons. Nothing was kept.' },
  CALLBACK_NOT_FOUND: { status: 404, retry: 'never', message: 'There is no such open promise, or it is not yours.' },
  MESSAGES_UNREAD: { status: 409, retry: 'later', message: 'The agent has not read the messages before; details give how many.' },
  TRANSFER_FAILED: { status: 409, retry: 'after-change', message: 'The call cannot go to this colleague; details name the reason. It is still yours.' },
  TRANSFER_GONE: { status: 409, retry: 'never', message: 'There is no such transfer any more: it was taken back, answered, or the customer hung up.' },
  RECORDING_NOT_FOUND: { status: 404, retry: 'never', message: 'There is no such call, or you may not hear it.' },
  RECORDING_NOT_READY: { status: 409, retry: 'later', message: 'The call was not recorded, or its recording has not ended.' },
  RECORDING_DELETED: { status: 410, retry: 'never', message: 'The recording was deleted when its time was over; details say when.' },
  STORE_AWAY: { status: 503, retry: 'later', message: 'The store of recordings cannot be read now.' },
  RECORDER_DOWN: { status: 503, retry: 'later', message: 'This call must be recorded, and recordings cannot be written now; nobody was called.' },
  AUDIO_NOT_FOUND: { status: 404, retry: 'never', message: 'There is no such sound.' },
  AUDIO_IN_USE: { status: 409, retry: 'after-change', message: 'A campaign that is not over plays this sound.' },
  AUDIO_REFUSED: { status: 422, retry: 'after-change', message: 'The file cannot be played on a telephone; details give the reason.' },
  RANGE_NOT_SATISFIABLE: { status: 416, retry: 'after-change', message: 'The recording has no such bytes; details give how many it has.' },
} as const

/** `throw failed('CAMPAIGN_NOT_FOUND', { campaignId })`. */
export const failed = errorsOf(ERRORS)
