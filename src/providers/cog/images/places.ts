import type { Occurrence } from '../../../domain/prediction/event.ts'
import type { Phase, Progress } from '../../../domain/prediction/prediction.ts'
import type { Slot, WaitState } from '../../../engine/instances/waiting.ts'
import { type Channel, createChannel } from '../../channel.ts'
import type { Run } from '../../provider.ts'
import type { Container } from '../containers/container.ts'
import type { Placement, Places } from '../run/placement.ts'
import type { ImageModel, ImageModels } from './image-models.ts'
import { imageVersionId } from './image-source.ts'
import { waitPhase, waitProgress } from './wait-progress.ts'

export interface ImagePlacesOptions {
  readonly image: ImageModel
  readonly images: ImageModels
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The containers of a model that are started for its runs. */
export function createImagePlaces({ image, images, now }: ImagePlacesOptions): Places {
  const { ref, workload } = image
  const origins: string[] = []

  function placed({ origin, release }: Slot): { container: Container; release: () => void } {
    origins.push(`${origin}/`)
    return { container: images.containerAt(origin), release }
  }

  /** Waits for a slot, and reports what it waits for. */
  async function* find(run: Run): AsyncGenerator<Occurrence, Placement | null> {
    if (imageVersionId(ref, image.image) !== run.version.id) {
      yield { type: 'failed', error: goneSentence }
      return null
    }
    const updates = createChannel<WaitState | 'over'>()
    const left = new AbortController()
    const signal = AbortSignal.any([run.signal, left.signal])
    const taking = images.instances.take(workload, signal, (state) => updates.push(state))
    const over = () => updates.push('over')
    taking.then(over, over)
    let isPlaced = false
    try {
      yield* reports(updates)
      const taken = await taking
      if (taken.kind === 'broken') yield { type: 'failed', error: taken.sentence }
      if (taken.kind !== 'slot') return null
      const { container, release } = placed(taken.slot)
      const health = await container.checkHealth()
      isPlaced = true
      return { container, release, health }
    } finally {
      // Whoever stops listening meanwhile takes no slot with them.
      if (!isPlaced) {
        left.abort()
        taking.then(
          (taken) => taken.kind === 'slot' && taken.slot.release(),
          // The database cannot be asked: the run has failed of that.
          () => {},
        )
      }
    }
  }

  async function* reports(updates: Channel<WaitState | 'over'>): AsyncGenerator<Occurrence> {
    let reported: Progress | null = null
    let entered: Phase = 'queued'
    for (let update = await updates.next(); update !== 'over'; update = await updates.next()) {
      const phase = waitPhase(update)
      if (phase !== entered) yield { type: 'entered', phase }
      entered = phase
      const progress = waitProgress(update, now())
      if (sameProgress(progress, reported)) continue
      reported = progress
      yield { type: 'progressed', progress }
    }
  }

  return {
    onDemand: false,
    slots: workload.slots,
    origins,
    find,
    async at(url, signal) {
      const slot = await images.instances.takeAt(new URL(url).origin, signal)
      return slot && placed(slot)
    },
  }
}

function sameProgress(a: Progress, b: Progress | null): boolean {
  return a.label === b?.label && a.fraction === b?.fraction && a.log === b?.log
}

const goneSentence =
  'The image of this version is no longer kept. Run it again to use the current version.'
