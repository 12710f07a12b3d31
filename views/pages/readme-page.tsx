import type { Model, Warmth } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { Layout, Pit } from '../layout.tsx'
import { Markdown } from '../markdown.tsx'
import { ModelHead } from '../model/model-head.tsx'
import { ModelTabs } from '../model/model-tabs.tsx'
import { usePaths } from '../site.ts'

/** The README of a model. */
export function ReadmePage({ model, warmth }: { model: Model; warmth: Warmth }) {
  return (
    <Layout title={`README: ${modelName(model.ref)}`}>
      <ModelHead model={model} warmth={warmth} />
      <ModelTabs model={model} current='readme' />
      <div class='page-head'>
        {model.readme === null ? (
          <div class='empty'>
            <Pit />
            <p>This model has no README yet.</p>
            <a class='button' href={usePaths().model(model.ref)}>
              Open the form
            </a>
          </div>
        ) : (
          <Markdown text={model.readme} />
        )}
      </div>
    </Layout>
  )
}
