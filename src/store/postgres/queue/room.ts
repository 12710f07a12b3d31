import type { Transaction } from 'kysely'
import { countedPerson } from '../../../domain/prediction/counted-person.ts'
import type { Tables } from '../../kysely/tables.ts'
import type { ClaimLimits } from '../../queue/queue.ts'
import type { RunningOf } from './claim-statements.ts'
import type { InLine, PassedOver } from './lines.ts'
import { lockAndCount } from './running.ts'

/** The room that deployments and people have left while predictions are claimed. */
export function createRoom(
  { ofDeployment, readDeployments, readPeople }: ClaimLimits,
  running: readonly Pick<RunningOf, 'deployment' | 'all'>[],
) {
  const inDeployment = new Map(running.map(({ deployment, all }) => [deployment, all]))
  const ofPeople = new Map<string, number>()
  const mostOfPeople = new Map<string, number>()
  const full = { deployments: new Set<string | null>(), people: new Set<string>() }

  function note(deployment: string | null): void {
    if ((inDeployment.get(deployment) ?? 0) >= ofDeployment(deployment))
      full.deployments.add(deployment)
  }

  async function countDeployments(first: readonly InLine[]): Promise<void> {
    const waiting = first.map(({ deployment }) => deployment)
    if (waiting.some((deployment) => deployment !== null)) await readDeployments()
    for (const deployment of new Set([...inDeployment.keys(), ...waiting])) note(deployment)
  }

  const mostOf = (person: string) => mostOfPeople.get(person) ?? Number.POSITIVE_INFINITY

  function notePerson(person: string | null): void {
    if (person !== null && (ofPeople.get(person) ?? 0) >= mostOf(person)) full.people.add(person)
  }

  return {
    /** Counts what runs of those whose running predictions are limited. */
    async count(trx: Transaction<Tables>, first: readonly InLine[]): Promise<void> {
      await countDeployments(first)
      const found = new Set(first.flatMap((one) => countedPerson(one) ?? []))
      const people = [...found].filter((person) => !ofPeople.has(person))
      for (const [person, most] of await readPeople(people)) mostOfPeople.set(person, most)
      const limited = people.filter((person) => Number.isFinite(mostOf(person)))
      const counts = limited.length > 0 ? await lockAndCount(trx, limited) : new Map()
      for (const person of people) {
        ofPeople.set(person, counts.get(person) ?? 0)
        notePerson(person)
      }
    },
    mayRun(one: InLine): boolean {
      const person = countedPerson(one)
      const isFull = full.deployments.has(one.deployment)
      return !isFull && (person === null || !full.people.has(person))
    },
    /** One more of them runs. */
    add(one: InLine): void {
      const person = countedPerson(one)
      inDeployment.set(one.deployment, (inDeployment.get(one.deployment) ?? 0) + 1)
      if (person !== null) ofPeople.set(person, (ofPeople.get(person) ?? 0) + 1)
      note(one.deployment)
      notePerson(person)
    },
    /** Those that have none left. */
    passedOver: (): Omit<PassedOver, 'versions'> => ({
      deployments: [...full.deployments].map((deployment) => deployment ?? ''),
      people: [...full.people],
    }),
    /** How many have none left. */
    fullCount: (): number => full.deployments.size + full.people.size,
  }
}
