import { effect } from '@preact/signals';
import { render } from 'preact';
import { Shell } from './shell.tsx';
import { createApp } from './state/app.ts';
import { AppContext } from './state/context.ts';
import { watchScans } from './state/scan.ts';
import { resume, watchLinks } from './state/sign-in.ts';

const app = await createApp();
const root = document.getElementById('app');

if (root !== null) {
  render(
    <AppContext.Provider value={app}>
      <Shell />
    </AppContext.Provider>,
    root,
  );
}

// Runs at the start, and again when a gateway that could not be reached is back.
effect(() => {
  if (app.client.revision.value >= 0 && app.signIn.peek().state === 'checking') void resume(app);
});
watchLinks(app);
watchScans(app);
