"""The hub of the test: on loopback, each user's server under an account of the user's own."""

import json
import os

settings = json.loads(os.environ["HUB_OF_TEST"])

c = get_config()  # noqa: F821 - the loader of this file defines it

c.JupyterHub.bind_url = f"http://127.0.0.1:{settings['port']}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{settings['hub_port']}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings['proxy_port']}"
c.ConfigurableHTTPProxy.command = [settings["proxy"]]

# Nobody logs in: the test acts by tokens, which it asks the hub for as a service.
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allowed_users = set(settings["users"])
c.JupyterHub.services = [{"name": "test", "api_token": settings["token"]}]
c.JupyterHub.load_roles = [
    {"name": "test", "services": ["test"], "scopes": ["admin:users", "admin:servers", "tokens"]}
]

c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.cmd = [settings["server"]]
c.Spawner.environment = {"JUPYTER_CONFIG_PATH": settings["config_of_students"]}
c.Spawner.start_timeout = c.Spawner.http_timeout = 180
