import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';

/** Open a menu of commands below an element; the focus comes back to it when the menu closes. */
export function openMenu(
  commands: CommandRegistry,
  anchor: HTMLElement,
  items: Menu.IItemOptions[]
): void {
  const menu = new Menu({ commands });
  items.forEach(item => menu.addItem(item));
  menu.aboutToClose.connect(() => {
    window.setTimeout(() => {
      if (document.activeElement === document.body && anchor.isConnected) {
        anchor.focus();
      }
      menu.dispose();
    });
  });
  const { left, bottom } = anchor.getBoundingClientRect();
  menu.open(left, bottom);
  menu.activeIndex = 0;
}
