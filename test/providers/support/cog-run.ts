import { isList, type Json, type JsonObject } from '../../../src/domain/json/json.ts'

/** A run in a container. */
export interface CogModel {
  /** The `Input` and `Output` of its schema, and what these refer to. */
  readonly input: JsonObject
  readonly output: JsonObject
  readonly others?: JsonObject
  /** Whether its predict method is marked as streaming, which only coglets know. */
  readonly streams?: boolean
  /** Yields items when its output is an iterator, and returns a value otherwise. Throws what failed it. */
  predict(input: JsonObject, context: CogContext): AsyncGenerator<Json, void> | Promise<Json>
}

export interface CogContext {
  log(text: string): void
  /** Aborts when the prediction is canceled. */
  readonly signal: AbortSignal
}

export interface CogRunOptions {
  readonly id: string
  readonly body: JsonObject
  readonly model: CogModel
}

type Listener = (event: string, data: JsonObject) => void

export type CogRun = ReturnType<typeof startCogRun>

/** One prediction in a container, which posts to its webhook as it goes. */
export function startCogRun({ id, body, model }: CogRunOptions) {
  const iterates = model.output['x-cog-array-type'] === 'iterator'
  const canceled = new AbortController()
  const listeners = new Set<Listener>()
  const startedAt = performance.now()
  let status = 'processing'
  let output: Json = iterates ? [] : null
  let logs = ''
  let error: string | null = null
  let metrics: Json = null
  let dead = false
  let posting = Promise.resolve()

  function snapshot(): JsonObject {
    const input = { ...(body.input as JsonObject), ...starred(model.input) }
    return { id, input, status, output, logs, error, metrics }
  }

  function tell(event: string, data: JsonObject): void {
    for (const listener of listeners) listener(event, data)
  }

  /** As it is now: a later one may overtake it on the way, and is sent after it here. */
  function post(): Promise<void> {
    const { webhook } = body
    if (typeof webhook !== 'string' || dead) return posting
    const text = JSON.stringify(snapshot())
    const headers = { 'Content-Type': 'application/json', 'User-Agent': 'cog-worker/0.16.8' }
    posting = posting.then(async () => {
      if (!dead) await fetch(webhook, { method: 'POST', headers, body: text }).catch(() => {})
    })
    return posting
  }

  async function predict(): Promise<JsonObject> {
    tell('start', { id, status: 'processing' })
    void post()
    try {
      const made = model.predict(body.input as JsonObject, {
        signal: canceled.signal,
        log(text) {
          logs += text
          tell('log', { source: 'stdout', data: text })
          void post()
        },
      })
      if (made instanceof Promise) output = await made
      else
        for await (const chunk of made) {
          const items: readonly Json[] = isList(output) ? output : []
          tell('output', { chunk, index: items.length })
          output = [...items, chunk]
          void post()
        }
      status = 'succeeded'
    } catch (thrown) {
      status = canceled.signal.aborted ? 'canceled' : 'failed'
      error = canceled.signal.aborted ? null : (thrown as Error).message
      if (error !== null) logs += `Traceback (most recent call last):\nException: ${error}\n`
    }
    metrics = status === 'failed' ? null : { predict_time: (performance.now() - startedAt) / 1000 }
    tell('metric', { name: 'frames', value: 1, mode: 'replace' })
    tell('completed', snapshot())
    // The last one is sent before anybody hears of the end.
    await post()
    over = true
    return snapshot()
  }

  let over = false
  const ended = Promise.resolve().then(predict)
  return {
    over: ended,
    isOver: () => over,
    snapshot,
    cancel: () => canceled.abort(),
    /** Its process is gone: it tells nobody anything any more. */
    die() {
      dead = true
      over = true
      canceled.abort()
    },
    /** Calls back for each event from the start on. */
    follow: (listener: Listener) => void listeners.add(listener),
  }
}

/** Secrets come back as stars. */
function starred({ properties }: JsonObject): JsonObject {
  const entries = Object.entries((properties ?? {}) as JsonObject)
  const secret = entries.filter(([, property]) => (property as JsonObject)['x-cog-secret'] === true)
  return Object.fromEntries(secret.map(([name]) => [name, '**********']))
}
