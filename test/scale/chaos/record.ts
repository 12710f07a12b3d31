import pg from 'pg'

/** A prediction that has ended. */
export interface Settled {
  readonly status: string
  readonly error: string | null
  readonly text: string | undefined
  readonly completedAt: number
}

const isSettled = "status not in ('starting', 'processing')"

/** Triggers that note each prediction that settles twice, and each claim past the copies of its model. */
const triggers = `
  create table settled_twice (id text, before text, after text);
  create function note_settled() returns trigger language plpgsql as $$
  begin
    insert into settled_twice values (new.id, old.status, new.status);
    return new;
  end $$;
  create trigger note_settled after update on predictions for each row
  when (old.status not in ('starting', 'processing')
    and (new.status, new.completed_at) is distinct from (old.status, old.completed_at))
  execute function note_settled();

  create table copies (model text, most integer, everywhere boolean);
  create table claims (id text primary key, model text, owner text);
  create table too_many (model text, owner text, count integer);
  create function note_owner() returns trigger language plpgsql as $$
  begin
    delete from claims where id = new.id;
    -- What is taken over has an owner before: it does not run there, unless it is claimed again.
    if old.owner is null and new.owner is not null then
      insert into claims values (new.id, new.model_name, new.owner);
      insert into too_many select model, owner, count(*) from claims
        where model = new.model_name and owner = new.owner
        group by model, owner
        having count(*) > (select most from copies where copies.model = new.model_name and not everywhere);
      insert into too_many select model_name, null, count(*) from predictions
        where model_name = new.model_name and owner is not null
        group by model_name
        having count(*) > (select most from copies where copies.model = new.model_name and everywhere);
    end if;
    return new;
  end $$;
  create trigger note_owner after update on predictions for each row
  when (old.owner is distinct from new.owner) execute function note_owner()`

/** How many of a model run at once, by its name. */
type Copies = Readonly<Record<string, number>>

/** Notes what happens in a database while servers are killed. `shared`: over all replicas, not at each. */
export async function openRecord(url: string, copies: Copies, shared: Copies) {
  const pool = new pg.Pool({ connectionString: url, max: 2 })
  pool.on('error', () => {})
  await pool.query(triggers)
  const limits = [...Object.entries(copies), ...Object.entries(shared)]
  for (const [model, most] of limits)
    await pool.query('insert into copies values ($1, $2, $3)', [model, most, model in shared])

  return {
    /** When it began, in milliseconds since 1970. */
    since: Date.now(),
    async unsettled(): Promise<readonly string[]> {
      const { rows } = await pool.query<{ id: string }>(
        `select id from predictions where not (${isSettled})`,
      )
      return rows.map(({ id }) => id)
    },
    async settled(): Promise<ReadonlyMap<string, Settled>> {
      const { rows } = await pool.query(
        `select id, status, error, output, completed_at from predictions where ${isSettled}`,
      )
      return new Map(
        rows.map(({ id, status, error, output, completed_at }) => {
          const value: unknown = output === null ? undefined : JSON.parse(output)
          const text = Array.isArray(value) ? value.join('') : String(value)
          return [id, { status, error, text, completedAt: Number(completed_at) }]
        }),
      )
    },
    async settledTwice(): Promise<readonly unknown[]> {
      return (await pool.query('select * from settled_twice')).rows
    },
    /** The claims where as many of the model ran as may. */
    async tooMany(): Promise<readonly unknown[]> {
      return (await pool.query('select * from too_many')).rows
    },
    async close(): Promise<void> {
      await pool.end()
    },
  }
}
