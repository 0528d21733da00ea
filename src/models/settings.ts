import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { VDomModel } from '@jupyterlab/ui-components';

import { families } from '../logic/families';

/** The off switches. All on where there is no settings registry. */
export class Settings extends VDomModel {
  /** Follow these settings from now on. */
  follow(settings: ISettingRegistry.ISettings): void {
    this.settings = settings;
    settings.changed.connect(() => this.stateChanged.emit());
    this.stateChanged.emit();
  }

  /** Underlines, gutter marks and step strips in cells. */
  get marks(): boolean {
    return this.switch('marks');
  }

  /** The button in the notebook's toolbar. */
  get toolbar(): boolean {
    return this.switch('toolbar');
  }

  /** The item in the status bar. */
  get status(): boolean {
    return this.switch('status');
  }

  /** Whether problems of this family are shown. Families without a switch are. */
  shows(family: string): boolean {
    const kinds = (this.settings?.composite.kinds ?? {}) as Record<string, boolean>;
    return !(families as readonly string[]).includes(family) || kinds[family] !== false;
  }

  async toggleMarks(): Promise<void> {
    await this.settings?.set('marks', !this.marks);
  }

  private switch(name: string): boolean {
    return this.settings?.composite[name] !== false;
  }

  private settings: ISettingRegistry.ISettings | null = null;
}
