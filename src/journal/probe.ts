import type { Db } from './connection.ts';
import { watchFile } from './file-watch.ts';

/** Large enough to need new pages: a full disk shows. */
const probeBytes = 64 * 1024;

/** A real commit, of which nothing stays. Throws what the database throws. */
export function createProbe(db: Db): () => void {
  const write = db.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('probe', zeroblob(?))");
  const remove = db.prepare("DELETE FROM meta WHERE name = 'probe'");
  const mustBeThere = watchFile(db.name);
  const both = db.transaction(() => {
    write.run(probeBytes);
    remove.run();
  });
  return () => {
    mustBeThere();
    both.immediate();
  };
}
