/**
 * A copy's side of the conversation with the server: receives messages over the channel that the process
 * was forked with, and exits when that closes.
 * @module
 */
import { readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseJson } from '../../../domain/json/json.ts'
import { entryFile, isBuilt } from '../../../root.ts'
import type { Description, FromCopy, ToCopy } from '../protocol.ts'
import { captureOutput } from './capture-output.ts'
import { type AnyModel, definitionIn } from './define-model.ts'
import { createOutbox } from './outbox.ts'
import { importAsFrom, offerModules } from './resolve.ts'
import { type RunMessage, startRun } from './run.ts'
import { describeSchemas } from './schemas.ts'
import { describeThrown, locationIn } from './thrown.ts'

offerModules(
  new Map([
    ['sandpit/model', urlOf('model')],
    ['zod', isBuilt ? urlOf('providers/local/copy/zod') : import.meta.resolve('zod')],
  ]),
)

const send = process.send?.bind(process) as (message: FromCopy) => void
const outbox = createOutbox(send)
// The model cannot reach the channel, and what it prints becomes its logs.
delete process.send
captureOutput(outbox)

let model: AnyModel | null = null
/** The entry that is being imported: an error meanwhile is reported with its file and line. */
let importing: string | null = null
let current: Pick<ReturnType<typeof startRun>, 'cancel' | 'answer'> | null = null

process.on('disconnect', () => process.exit(0))
process.on('uncaughtException', (error) => fail(error, false))
process.on('unhandledRejection', (error) => fail(error, false))
process.on('message', (message: ToCopy) => {
  receive(message).catch((error) => fail(error, false))
})

async function receive(message: ToCopy): Promise<void> {
  switch (message.type) {
    case 'describe':
      // Nobody reads what it prints. Each model may read files beside it as it is imported.
      outbox.mute()
      process.chdir(dirname(message.path))
      send({ type: 'importing' })
      send({ type: 'described', description: describe(await load(message.path)) })
      return
    case 'load':
      if (message.home !== null) importAsFrom(message.home, dirname(message.path))
      model = await load(message.path)
      await model.setup?.()
      await outbox.flush()
      send({ type: 'ready' })
      return
    case 'run': {
      if (!model) throw new Error('A run came before the model was loaded')
      outbox.unmute()
      const run = startRun(model, message, parseJson(inputOf(message)), { outbox, send })
      current = run
      await run.finished.then(
        (rest) => sendLast({ type: 'done', rest }),
        (error) => fail(error, true),
      )
      return
    }
    case 'ack':
      outbox.acknowledge()
      return
    case 'called':
      current?.answer(message.call, message.called)
      return
    case 'cancel':
      current?.cancel()
  }
}

/** Read at once: a cancellation must not come in between. */
function inputOf({ input, inputFile }: RunMessage): string {
  if (inputFile === null) return input
  const text = readFileSync(inputFile, 'utf8')
  rmSync(inputFile)
  return text
}

async function load(path: string): Promise<AnyModel> {
  importing = path
  const found = definitionIn(await import(pathToFileURL(path).href))
  importing = null
  if (!found) throw new Error('model.ts exports no model: export what defineModel() returns')
  return found
}

function describe(found: AnyModel): Description {
  return {
    name: found.name,
    description: found.description,
    schemas: describeSchemas(found),
    copies: found.copies ?? 1,
    timeoutMs: found.timeout === undefined ? null : found.timeout * 1000,
    memoryMb: found.memory ?? 1024,
    rerun: found.rerun ?? true,
    env: found.env ?? [],
  }
}

function urlOf(name: string): string {
  return pathToFileURL(entryFile(name)).href
}

/** Sends the last message of a run, and nothing more until the next. */
function sendLast(message: FromCopy): void {
  current = null
  outbox.mute()
  send(message)
}

function fail(error: unknown, reusable: boolean): void {
  const { message, detail } = describeThrown(error)
  const place = importing === null ? null : locationIn(dirname(importing), detail)
  const sentence = place === null ? message : `${message} (${place})`
  outbox.mute()
  outbox.flush().then(() => sendLast({ type: 'failed', error: sentence, detail, reusable }))
}
