// placeholder until the function is written
return;
