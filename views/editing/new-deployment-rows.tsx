import { hx } from '../hx.ts'
import { usePaths } from '../site.ts'
import type { DeploymentFormProps } from './deployment-form.tsx'
import { FormRow, rowControl } from './form-row.tsx'
import { type VersionChoice, VersionRow } from './version-row.tsx'

interface NewDeploymentRowsProps extends Pick<DeploymentFormProps, 'texts' | 'errors'> {
  /** The names of all models. */
  readonly models: readonly string[]
  /** Those of the model that is typed; null where they are not known. */
  readonly choices: readonly VersionChoice[] | null
}

/** The rows of a new deployment. */
export function NewDeploymentRows({ texts, errors, models, choices }: NewDeploymentRowsProps) {
  const paths = usePaths()
  const name = { id: 'name', error: errors.name }
  const model = { id: 'model', error: errors.model }
  const plain = { autocomplete: 'off', spellcheck: false }
  return (
    <>
      <FormRow {...name} name='name' required>
        <input {...rowControl(name)} {...plain} value={texts.name} placeholder='owner/name' />
      </FormRow>
      <FormRow {...model} name='model' required>
        <div class='with-button'>
          <input {...rowControl(model)} {...plain} value={texts.model} list='models' />
          <button
            class='button'
            type='submit'
            name='press'
            value='list versions'
            formnovalidate
            {...hx({
              get: paths.deploymentVersions(),
              trigger: 'click, change from:#model',
              include: '#model',
              target: '.field:has(#version)',
              swap: 'outerHTML',
            })}
            {...{ 'hx-status:4xx': 'swap:none', 'hx-status:5xx': 'swap:none' }}
          >
            List versions
          </button>
        </div>
        <datalist id='models'>
          {models.map((one) => (
            <option value={one} />
          ))}
        </datalist>
      </FormRow>
      <VersionRow {...{ texts, errors, choices }} />
    </>
  )
}
