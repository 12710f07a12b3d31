import type { Prediction } from '../domain/prediction/prediction.ts'
import { NoSpace, StoreBusy } from '../domain/unavailable.ts'
import { createAcceptance, type StartRequest } from './acceptance.ts'
import type { Catalogue } from './catalogue.ts'
import type { RunnerOptions } from './options.ts'
import type { Scheduler } from './queue/scheduler.ts'

export type Started =
  | { readonly ok: true; readonly prediction: Prediction }
  | { readonly ok: false; readonly reason: 'queue full' | 'draining' | 'stopping' | NotAccepted }

/** Why the store did not take a prediction. */
type NotAccepted = 'no space' | 'database busy'

interface AdmissionOptions extends RunnerOptions {
  readonly catalogue: Catalogue
  readonly scheduler: Scheduler
}

/** Accepts predictions and queues them, unless the server or the model takes none. */
export function createAdmission(options: AdmissionOptions) {
  const { store, catalogue, scheduler } = options
  const acceptance = createAcceptance(options)

  async function start(request: StartRequest): Promise<Started> {
    const refusal = refusalOf(request)
    if (refusal) return { ok: false, reason: refusal }
    const { model } = request
    const { prediction, idempotency, sealed } = await acceptance.prepare(request)
    const accepted = await store
      .accept(prediction, model.version, idempotency, sealed)
      .catch(reasonOf)
    if (typeof accepted === 'string') return { ok: false, reason: accepted }
    if (accepted === prediction) scheduler.enqueue(prediction, model)
    return { ok: true, prediction: accepted }
  }

  function refusalOf({ model: { ref } }: StartRequest) {
    if (scheduler.isStopping()) return 'stopping'
    const { intake, maxQueue } = catalogue.settingsOf(ref)
    if (intake === 'draining') return 'draining'
    return scheduler.load(ref).waiting >= (maxQueue ?? options.maxQueue) ? 'queue full' : null
  }

  return { start }
}

function reasonOf(error: unknown): NotAccepted {
  if (error instanceof NoSpace) return 'no space'
  if (error instanceof StoreBusy) return 'database busy'
  throw error
}
