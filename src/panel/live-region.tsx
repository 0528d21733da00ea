import * as React from 'react';

/** Between two announcements, in milliseconds. */
const PAUSE = 5000;

/** Says what changed to those who cannot see it: politely, and never more often than every five seconds. */
export function LiveRegion(props: { message: string }): JSX.Element {
  const [said, say] = React.useState('');
  const last = React.useRef(0);
  React.useEffect(() => {
    const wait = Math.max(0, last.current + PAUSE - Date.now());
    const timer = window.setTimeout(() => {
      last.current = Date.now();
      say(props.message);
    }, wait);
    return () => window.clearTimeout(timer);
  }, [props.message]);
  return (
    <div className="jp-Handoff-spoken" role="status" aria-live="polite">
      {said}
    </div>
  );
}
