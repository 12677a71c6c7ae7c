import type { Engine, EngineSettings } from './engine.ts'

/** An engine by its name, loaded when asked for: starting the program must not load a database. */
export async function openEngine(name: 'duckdb', settings: EngineSettings): Promise<Engine> {
  switch (name) {
    case 'duckdb':
      return (await import('./duckdb/engine.ts')).openDuckdb(settings)
  }
}
