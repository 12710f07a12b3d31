import type { Join } from '../../src/domain/group/shared-inputs.ts'
import { Breakable } from '../format.tsx'

interface JoinFieldProps {
  readonly join: Join
  /** Stands before the names of the model's inputs. */
  readonly scope: string
  readonly isJoined: boolean
}

/** Whether the main input of a model takes the value of that of another one. */
export function JoinField({ join, scope, isJoined }: JoinFieldProps) {
  const { name } = join.property
  const id = `join-${encodeURIComponent(scope + name)}`
  const choices = [
    [
      join.as,
      <span>
        same as <code>{join.as}</code>
      </span>,
    ],
    ['', 'by itself'],
  ] as const
  return (
    <div class='field' role='radiogroup' aria-labelledby={id}>
      <div class='field-head'>
        <span class='field-name' id={id}>
          <Breakable text={name} />
        </span>
      </div>
      <div class='field-body'>
        <div class='switch choices'>
          {choices.map(([as, words]) => (
            <label>
              <input
                type='radio'
                name={`join.${scope}${name}`}
                value={as}
                checked={isJoined === (as !== '')}
              />
              {words}
            </label>
          ))}
        </div>
        <p class='field-note'>
          The name that <code>{scope.slice(0, -1)}</code> has for it.
        </p>
      </div>
    </div>
  )
}
