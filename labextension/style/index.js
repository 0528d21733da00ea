import './base.css';
import './check.css';
import './publish.css';
import './cells.css';
