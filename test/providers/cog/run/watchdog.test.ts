import { describe, expect, it } from 'vitest'
import type { ContainerCondition, Health } from '../../../../src/providers/cog/containers/health.ts'
import { createWatchdog, type WatchdogOptions } from '../../../../src/providers/cog/run/watchdog.ts'

const waiting = { connected: true, arriving: false }
const alone = { connected: false, arriving: false }

function health(condition: ContainerCondition, more: Partial<Health> = {}): Health {
  const unsaid = { startedAt: null, logs: '', reason: null, coglet: false, cogVersion: null }
  return { condition, instance: 'first', refused: false, ...unsaid, ...more }
}

/** A look at a container that answers, and cannot say what it works on. */
const looked = (
  condition: ContainerCondition,
  more: Partial<Health> = {},
  works: boolean | null = null,
) => ({
  health: health(condition, more),
  works,
})

function vigil(more: Partial<WatchdogOptions> = {}) {
  return createWatchdog({ instance: 'first', slots: 1, goneMs: 1_000, now: () => 0, ...more })
}

describe('a container that works on a run', () => {
  it('is idle when it is ready twice after it was busy, and not before', () => {
    const { loss } = vigil()
    expect(loss(looked('ready'), waiting)).toBeNull()
    expect(loss(looked('ready'), waiting)).toBeNull()
    expect(loss(looked('busy'), waiting)).toBeNull()
    expect(loss(looked('ready'), waiting)).toBeNull()
    expect(loss(looked('ready'), waiting)).toBe('idle')
  })

  it('is not idle when it was busy in between, or its answer is arriving', () => {
    const { loss } = vigil()
    loss(looked('busy'), waiting)
    expect(loss(looked('ready'), waiting)).toBeNull()
    expect(loss(looked('busy'), waiting)).toBeNull()
    expect(loss(looked('ready'), waiting)).toBeNull()
    expect(loss(looked('ready'), { connected: true, arriving: true })).toBeNull()
    expect(loss(looked('ready'), waiting)).toBeNull()
    expect(loss(looked('ready'), waiting)).toBe('idle')
  })

  it('is idle without having been seen busy once there is no connection', () => {
    const { loss } = vigil()
    expect(loss(looked('ready'), alone)).toBeNull()
    expect(loss(looked('ready'), alone)).toBe('idle')
  })

  it('is not idle by being ready while it takes several runs at once', () => {
    const { loss } = vigil({ slots: 2 })
    loss(looked('busy'), alone)
    for (let look = 0; look < 5; look++) expect(loss(looked('ready'), alone)).toBeNull()
  })

  it('is believed when it says whether it works on it, however it is', () => {
    const { loss } = vigil({ slots: 2 })
    expect(loss(looked('ready', {}, true), alone)).toBeNull()
    expect(loss(looked('busy', {}, false), alone)).toBeNull()
    expect(loss(looked('busy', {}, false), alone)).toBe('idle')
  })

  it('is restarted when its start is another, or it starts', () => {
    expect(vigil().loss(looked('ready', { instance: 'second' }), waiting)).toBe('restarted')
    expect(vigil().loss(looked('booting'), waiting)).toBe('restarted')
    expect(
      vigil({ instance: null }).loss(looked('busy', { instance: 'second' }), waiting),
    ).toBeNull()
  })

  it('is gone after it was out of reach for long, and not when it was in reach meanwhile', () => {
    let at = 0
    const { loss } = vigil({ now: () => at })
    expect(loss(looked('unreachable'), waiting)).toBeNull()
    at = 900
    expect(loss(looked('busy'), waiting)).toBeNull()
    at = 1_800
    expect(loss(looked('not cog'), waiting)).toBeNull()
    at = 2_801
    expect(loss(looked('unreachable'), waiting)).toBe('gone')
  })

  it('is gone soon when nothing listens there, unless the connection holds', () => {
    const { loss } = vigil()
    const refused = looked('unreachable', { refused: true })
    for (let look = 0; look < 5; look++) expect(loss(refused, waiting)).toBeNull()
    expect(loss(refused, alone)).toBeNull()
    expect(loss(refused, alone)).toBeNull()
    expect(loss(refused, alone)).toBe('refused')
  })
})
