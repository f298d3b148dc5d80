import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Wording } from '../words/index.ts';
import type { App } from './app.ts';
import { may } from './may.ts';

/** Carries the app's state to every part of the page. */
export const AppContext = createContext<App | null>(null);

/** The app's state. Only inside the app. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (app === null) throw new Error('useApp outside of the app');
  return app;
}

/** Words and formats of the chosen language; the caller repaints when it changes. */
export function useWords(): Wording {
  return useApp().words.value;
}

/** Whether the session has a scope; the gateway decides, this only spares a button that would be refused. */
export function useMay(scope: string): boolean {
  return may(useApp().signIn.value, scope);
}

/** Names a location by its id: the configured name, or the id while it is not known; null stays null. */
export function usePlaceName(): (id: string | null) => string | null {
  const locations = useApp().locations.value;
  return (id) => (id === null ? null : (locations.find((location) => location.id === id)?.name ?? id));
}
