import { z } from 'zod'
import { asEngineError, type EngineConnection } from '../connection.ts'
import { jsonLines } from '../json-lines.ts'
import { type LogLine, logLines } from '../log-frames.ts'
import { labeled } from './reading.ts'

/** Something that happened to a container: `die`, `start`. It may come twice, or not at all. */
export interface EngineEvent {
  readonly action: string
  readonly container: string
}

const eventShape = z.object({
  Action: z.string(),
  Actor: z.object({ ID: z.string() }),
})

/** The answers of an engine that go on for as long as there is something to say. */
export function streamCalls(connection: EngineConnection) {
  return {
    /** The lines that a container writes, until it ends. Podman does not even answer before something is written. */
    async *logs(id: string, signal: AbortSignal): AsyncGenerator<LogLine> {
      const query = 'stdout=1&stderr=1&follow=1&timestamps=1'
      const { body } = await connection.open({ path: `/containers/${id}/logs?${query}`, signal })
      try {
        yield* logLines(body)
      } catch (error) {
        throw asEngineError(error)
      }
    },
    /** Events of containers with a label, from now on. It ends when the engine goes away. */
    async *events(label: string, signal: AbortSignal): AsyncGenerator<EngineEvent> {
      const filters = labeled(label, { type: ['container'] })
      const path = `/events?${new URLSearchParams({ filters })}`
      const { body } = await connection.open({ path, signal })
      try {
        for await (const json of jsonLines(body)) {
          const event = eventShape.safeParse(json)
          if (event.success) yield { action: event.data.Action, container: event.data.Actor.ID }
        }
      } catch (error) {
        throw asEngineError(error)
      }
    },
  }
}
