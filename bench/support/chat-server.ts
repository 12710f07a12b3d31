import {
  modelList,
  startUpstream,
  streaming,
} from '../../test/providers/openai/support/upstream.ts'

export interface Pace {
  /** Tokens of an answer. */
  readonly tokens: number
  /** Milliseconds between two of them. */
  readonly everyMs: number
}

/** How many answers it gives at once, as `llama-server --parallel` does. */
const slots = 64

/** The times of tokens begin anew after so many milliseconds, so that a token is as short as most are. */
export const timesEndAt = 36 ** 4

/**
 * A server of a chat model during `use`. Each of its tokens is `@` and when it was sent, in milliseconds to
 * base 36, modulo `timesEndAt`. It runs in this process, so its work is not that of the server under test.
 */
export async function withChatServer<T>(
  { tokens, everyMs }: Pace,
  use: (environment: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const upstream = await startUpstream({
    'GET /v1/models': modelList(['chat'], 'llamacpp'),
    'GET /props': { total_slots: slots },
    'POST /v1/chat/completions': streaming(async ({ text, end, work, signal }) => {
      const started = performance.now()
      for (let token = 1; token <= tokens && !signal.aborted; token++) {
        text(`@${(Date.now() % timesEndAt).toString(36)}`)
        await work(Math.max(0, started + token * everyMs - performance.now()))
      }
      end()
    }),
  })
  try {
    return await use({ OPENAI_MODELS: `bench/chat=${upstream.url}` })
  } finally {
    await upstream.close()
  }
}
